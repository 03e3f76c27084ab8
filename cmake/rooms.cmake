# tenterhook_room(NAME DIR [AS folder] [SEES rooms…]): a static library tenterhook_NAME from DIR/*.cpp whose headers are included as
# "NAME/header.h" ("folder/header.h") by the rooms that link it, and by no other: each room's include path holds nothing but
# a link to itself.
add_library(tenterhook_options INTERFACE)
target_compile_options(tenterhook_options INTERFACE -Wall -Wextra -Wpedantic -Wno-unused-parameter
  $<$<BOOL:${TENTERHOOK_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds>)
target_include_directories(tenterhook_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_compile_definitions(tenterhook_options INTERFACE ${LLVM_DEFINITIONS_LIST} TENTERHOOK_VERSION="${PROJECT_VERSION}")

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
  foreach(room ${ARG_SEES})
    target_link_libraries(tenterhook_${name} PUBLIC tenterhook_${room})
  endforeach()
endfunction()
