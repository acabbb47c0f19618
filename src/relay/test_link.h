// The link for tests of every core, under the names the relay's tests use.
#pragma once

#include "link/fake_link.h"

namespace softlan::relay::test {

using link::test::closed_with;
using link::test::FakeLink;
using link::test::Sent;
using link::test::SentClose;
using link::test::SentEcho;
using link::test::SentFrame;

}  // namespace softlan::relay::test
