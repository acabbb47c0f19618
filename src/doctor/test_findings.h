// What tests ask of findings.
#pragma once

#include <algorithm>
#include <vector>

#include "doctor/finding.h"

namespace softlan::doctor::test {

inline std::vector<Matter> matters(const Findings& findings) {
  std::vector<Matter> all;
  for (const Finding& finding : findings) all.push_back(finding.matter);
  return all;
}

// The sentence of that matter; empty when it is not among them.
inline std::string said(const Findings& findings, Matter matter) {
  const auto found = std::ranges::find(findings, matter, &Finding::matter);
  return found == findings.end() ? "" : sentence(*found);
}

}  // namespace softlan::doctor::test
