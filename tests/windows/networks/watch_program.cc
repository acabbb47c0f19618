// Prints a line for every change of the machine's networks that it is told of, until its input ends.
#include <atomic>
#include <cstdio>

#include "platform/windows/network_changes.h"

int main() {
  std::atomic<int> told = 0;
  const softlan::platform::NetworkChanges changes([&told] {
    std::printf("told %d\n", ++told);
    std::fflush(stdout);
  });
  std::puts("watching");
  std::fflush(stdout);
  while (std::getchar() != EOF) continue;
}
