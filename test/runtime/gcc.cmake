# cmake -DCOMPILER=g++-12 -DSOURCE=runtime -DOUT=folder -P gcc.cmake: configures, builds and tests the runtime with that compiler.
# At -O1: most of g++'s warnings need some optimization, and -O2 takes a quarter longer.
function(must)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "failed (${code}): ${ARGV}")
  endif()
endfunction()
must(${CMAKE_COMMAND} -S ${SOURCE} -B ${OUT} -G Ninja -DCMAKE_CXX_COMPILER=${COMPILER} -DTENTERHOOK_WERROR=ON
  -DTENTERHOOK_HAS_asan=OFF "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG")
must(${CMAKE_COMMAND} --build ${OUT} --parallel)
must(${OUT}/test_runtime/runtime_test_plain --gtest_brief=1)
