# tenterhook_room(NAME DIR [AS folder] [SEES rooms…]): a static library tenterhook_NAME from DIR/*.cpp whose headers are included as
# "NAME/header.h" ("folder/header.h") by the rooms that link it, and by no other: each room's include path holds nothing but
# a link to itself.
add_library(tenterhook_options INTERFACE)
target_compile_options(tenterhook_options INTERFACE -Wall -Wextra -Wpedantic -Wno-unused-parameter
  $<$<BOOL:${TENTERHOOK_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds>)
target_include_directories(tenterhook_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_compile_definitions(tenterhook_options INTERFACE ${LLVM_DEFINITIONS_LIST} TENTERHOOK_VERSION="${PROJECT_VERSION}")

option(TENTERHOOK_PCH "Precompile what nearly every room includes: for builds from nothing" OFF)
if(TENTERHOOK_PCH)
  file(WRITE ${PROJECT_BINARY_DIR}/common_headers.cpp "")
  add_library(tenterhook_common_headers STATIC ${PROJECT_BINARY_DIR}/common_headers.cpp)
  target_link_libraries(tenterhook_common_headers PRIVATE tenterhook_options)
  target_precompile_headers(tenterhook_common_headers PRIVATE ${PROJECT_SOURCE_DIR}/cmake/common_headers.h)
endif()

function(tenterhook_room name dir)
  cmake_parse_arguments(ARG "" "AS" "SEES" ${ARGN})
  if(NOT ARG_AS)
    set(ARG_AS ${name})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  add_library(tenterhook_${name} STATIC ${sources})
  set_property(GLOBAL APPEND PROPERTY TENTERHOOK_ROOMS ${name})
  set(include ${PROJECT_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${dir} ${include}/${ARG_AS} SYMBOLIC)
  target_include_directories(tenterhook_${name} PUBLIC ${include})
  target_link_libraries(tenterhook_${name} PUBLIC tenterhook_options)
  if(TENTERHOOK_PCH AND NOT name STREQUAL "extract") # which has its own
    target_precompile_headers(tenterhook_${name} REUSE_FROM tenterhook_common_headers)
  endif()
  foreach(room ${ARG_SEES})
    target_link_libraries(tenterhook_${name} PUBLIC tenterhook_${room})
  endforeach()
endfunction()
