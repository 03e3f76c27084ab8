# The fuzzers of what comes from outside as bytes (traces, logs, reports), in every build with Clang: the rooms that read
# and use them are compiled once more, with AddressSanitizer, UBSan and coverage; what they stand on is not. CTest runs
# both for a bounded number of inputs. Longer: bin/fuzz_traces -max_total_time=3600 -max_len=65536 CORPUS SEEDS
# (an empty folder, and build/fuzz-seeds, which the test fuzz.seeds fills)
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_FLAGS MATCHES "sanitize")
  return()
endif()
find_package(EXPAT REQUIRED)
set(driver ${PROJECT_SOURCE_DIR}/driver)
set(fuzzed -g1 -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all)

function(tenterhook_fuzzed room folder)
  file(GLOB sources CONFIGURE_DEPENDS ${driver}/${folder}/*.cpp)
  add_library(fuzzed_${room} OBJECT ${sources})
  target_compile_options(fuzzed_${room} PRIVATE ${fuzzed})
  target_include_directories(fuzzed_${room} PRIVATE $<TARGET_PROPERTY:tenterhook_${room},INCLUDE_DIRECTORIES>)
  target_link_libraries(fuzzed_${room} PRIVATE tenterhook_options)
  set_target_properties(fuzzed_${room} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
endfunction()
tenterhook_fuzzed(trace_reader trace)
tenterhook_fuzzed(timeline timeline)
tenterhook_fuzzed(validate validate)

function(tenterhook_fuzzer target source room)
  add_executable(${target} ${source})
  target_compile_options(${target} PRIVATE ${fuzzed})
  target_link_options(${target} PRIVATE -fsanitize=fuzzer,address,undefined)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/test/unit # trace_builder.h
    $<TARGET_PROPERTY:tenterhook_${room},INCLUDE_DIRECTORIES>)
  target_link_libraries(${target} PRIVATE fuzzed_trace_reader fuzzed_${room})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

tenterhook_fuzzer(fuzz_traces ${CMAKE_CURRENT_SOURCE_DIR}/timeline_fuzz.cpp timeline)
tenterhook_embed(fuzz_traces NAMESPACE tenterhook::timeline SYMBOL page_files FILES ${driver}/timeline/page.html
  ${driver}/timeline/page.css ${driver}/timeline/page_data.js ${driver}/timeline/page_draw.js ${driver}/timeline/page.js)
target_link_libraries(fuzz_traces PRIVATE tenterhook_options LLVM)
tenterhook_fuzzer(fuzz_evidence ${CMAKE_CURRENT_SOURCE_DIR}/validate_fuzz.cpp validate)
target_link_libraries(fuzz_evidence PRIVATE tenterhook_facts tenterhook_findings tenterhook_rules tenterhook_output
  EXPAT::EXPAT nlohmann_json::nlohmann_json LLVM)

set(seeds ${PROJECT_BINARY_DIR}/fuzz-seeds)
if(TARGET tenterhook_recorder AND TARGET example_experiment)
  add_test(NAME fuzz.seeds COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/seeds.py ${seeds}
    --sample $<TARGET_FILE:timeline-sample> --tenterhook $<TARGET_FILE:tenterhook>
    --recorder $<TARGET_FILE:tenterhook_recorder> --traced $<TARGET_FILE:example_tasks>
    --logs ${PROJECT_SOURCE_DIR}/test/validate/logs)
  set_tests_properties(fuzz.seeds PROPERTIES FIXTURES_SETUP fuzz_seeds)
  foreach(fuzzer fuzz_traces fuzz_evidence)
    set(runs 1500)
    if(fuzzer STREQUAL fuzz_evidence) # it looks up places in the programs that the seeds are of, which takes time
      set(runs 300)
    endif()
    string(REPLACE "fuzz_" "fuzz." name ${fuzzer})
    add_test(NAME ${name} COMMAND ${fuzzer} -runs=${runs} -max_len=65536 -seed=1 -rss_limit_mb=2048 -timeout=60 ${seeds})
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED fuzz_seeds)
  endforeach()
endif()
