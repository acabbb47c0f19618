#include "platform/linux/file_descriptor.h"

#include <unistd.h>

namespace softlan::platform {

void FileDescriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace softlan::platform
