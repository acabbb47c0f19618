# The same libraries for Windows, out of the folder that tools/build-windows-libraries made (CMAKE_FIND_ROOT_PATH):
# static ones, and headers. They are named by hand, as what CMake and pkg-config know on this machine is for Linux.
set(root ${CMAKE_FIND_ROOT_PATH})
if(NOT EXISTS ${root}/lib/libngtcp2.a)
  message(FATAL_ERROR "The libraries for Windows are missing: run tools/build-windows-libraries.")
endif()

# softlan_library(NAME [DEFINITIONS ...] [LINK ...])
function(softlan_library name)
  cmake_parse_arguments(LIBRARY "" "" "DEFINITIONS;LINK" ${ARGN})
  add_library(${name} INTERFACE IMPORTED)
  target_include_directories(${name} SYSTEM INTERFACE ${root}/include)
  target_compile_definitions(${name} INTERFACE ${LIBRARY_DEFINITIONS})
  target_link_libraries(${name} INTERFACE ${LIBRARY_LINK})
endfunction()

find_package(Threads REQUIRED)
softlan_library(fmt::fmt DEFINITIONS FMT_HEADER_ONLY)
softlan_library(spdlog::spdlog DEFINITIONS SPDLOG_HEADER_ONLY [[SPDLOG_EOL="\n"]])
softlan_library(nlohmann_json::nlohmann_json)
softlan_library(CLI11::CLI11)
softlan_library(PkgConfig::NETTLE LINK ${root}/lib/libnettle.a)
# Without its definition GnuTLS's header takes its variables to be in a DLL.
softlan_library(PkgConfig::GNUTLS DEFINITIONS GNUTLS_INTERNAL_BUILD
                LINK ${root}/lib/libgnutls.a ${root}/lib/libhogweed.a ${root}/lib/libnettle.a ${root}/lib/libgmp.a
                     ws2_32 crypt32 bcrypt ncrypt)
softlan_library(PkgConfig::NGTCP2 DEFINITIONS NGTCP2_STATICLIB
                LINK ${root}/lib/libngtcp2_crypto_gnutls.a ${root}/lib/libngtcp2.a PkgConfig::GNUTLS)

# GoogleTest comes with its sources.
if(SOFTLAN_TESTS)
  set(googletest /usr/src/googletest)
  add_library(softlan_googletest STATIC ${googletest}/googletest/src/gtest-all.cc
                                        ${googletest}/googletest/src/gtest_main.cc
                                        ${googletest}/googlemock/src/gmock-all.cc)
  target_include_directories(softlan_googletest PRIVATE ${googletest}/googletest ${googletest}/googlemock)
  target_include_directories(softlan_googletest SYSTEM PUBLIC ${googletest}/googletest/include
                                                              ${googletest}/googlemock/include)
  add_library(GTest::gtest_main ALIAS softlan_googletest)
  add_library(GTest::gmock ALIAS softlan_googletest)
endif()
