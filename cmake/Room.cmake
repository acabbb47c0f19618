# softlan_room(NAME [THREADED] SOURCES ... TESTS ... ROOMS ... LIBRARIES ... TEST_LIBRARIES ...)
#
# One static library per room of src/, linking exactly the rooms below it (ROOMS) and the outside libraries it alone
# may include (LIBRARIES), and one test program NAME_test from the *_test.cc files beside the code.
add_library(softlan_options INTERFACE)
target_include_directories(softlan_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(softlan_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor)
if(SOFTLAN_WERROR)
  target_compile_options(softlan_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Flow-dependent warnings that misfire inside the optimised standard library and fmt.
  set(misfires -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -Wno-maybe-uninitialized)
  target_compile_options(softlan_options INTERFACE ${misfires})
endif()
if(SOFTLAN_SANITIZE)
  target_compile_options(softlan_options INTERFACE -fsanitize=${SOFTLAN_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(softlan_options INTERFACE -fsanitize=${SOFTLAN_SANITIZE})
  if(SOFTLAN_SANITIZE STREQUAL "thread")
    target_compile_options(softlan_options INTERFACE -Wno-tsan)  # Asio's fences, which TSan cannot see
  endif()
endif()
if(WIN32)
  target_compile_definitions(softlan_options INTERFACE WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _WIN32_WINNT=0x0A00)
endif()
target_link_libraries(softlan_options INTERFACE fmt::fmt)

# In programs the way of a frame is optimised across its rooms. These are compiled for both ways of linking: tests do
# without, which is quicker to build.
set(frame_path base proto obs egress link quic session relay gateway client platform)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT WIN32)
  set(across_rooms -flto=auto -ffat-lto-objects)
endif()
function(softlan_optimise_across_rooms program)
  target_link_options(${program} PRIVATE ${across_rooms} ${misfires})
endfunction()

add_library(softlan_test_options INTERFACE)
target_compile_options(softlan_test_options INTERFACE $<$<CONFIG:Release>:-O1> -Wno-mismatched-new-delete)
target_link_libraries(softlan_test_options INTERFACE softlan_options GTest::gtest_main GTest::gmock)

function(softlan_room name)
  cmake_parse_arguments(ROOM "THREADED" "" "SOURCES;TESTS;ROOMS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  set(rooms ${ROOM_ROOMS})
  list(TRANSFORM rooms PREPEND softlan_)
  add_library(softlan_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(softlan_${name} PUBLIC softlan_options ${rooms} ${ROOM_LIBRARIES})
  if(name IN_LIST frame_path)
    target_compile_options(softlan_${name} PRIVATE ${across_rooms})
  endif()
  if(WIN32 AND name MATCHES "^(relay|gateway|doctor)$")
    set(ROOM_TESTS "")  # there for the simulator, which shares them; they are tested where they run
  endif()
  if(SOFTLAN_TESTS AND ROOM_TESTS)
    if(ROOM_THREADED)
      set(threaded THREADED)
    endif()
    softlan_test(${name}_test ${threaded} SOURCES ${ROOM_TESTS} LIBRARIES softlan_${name} ${ROOM_TEST_LIBRARIES})
  endif()
endfunction()

# The headers every test program includes, compiled once. Tests check, they need not be fast: -O1 builds in half the time.
if(SOFTLAN_TESTS)
  file(WRITE ${CMAKE_BINARY_DIR}/test_headers.cc "")
  add_library(softlan_test_headers OBJECT ${CMAKE_BINARY_DIR}/test_headers.cc)
  target_link_libraries(softlan_test_headers PRIVATE softlan_test_options)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(softlan_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <chrono> <fmt/format.h>
      <functional> <map> <optional> <string> <vector>)
  endif()
endif()

# softlan_test(NAME [THREADED] SOURCES ... LIBRARIES ...): a GoogleTest program whose cases ctest lists one by one.
# THREADED: of code that several threads use. They have the label `threads` and a target of their own, for
# ThreadSanitizer, which has nothing to find in the others.
add_custom_target(threaded_tests)
function(softlan_test name)
  cmake_parse_arguments(TEST "THREADED" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} softlan_test_options)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(${name} REUSE_FROM softlan_test_headers)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(TEST_THREADED)
    add_dependencies(threaded_tests ${name})
    set(labels LABELS threads)
  endif()
  if(CMAKE_CROSSCOMPILING)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)  # one start of Wine for all cases
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 ${labels})
  else()
    gtest_discover_tests(${name} PROPERTIES TIMEOUT 120 ${labels})
  endif()
endfunction()
