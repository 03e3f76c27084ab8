# What `cmake --install` puts where, and what find_package(tenterhook) reads. Two components: runtime (libraries, headers)
# and tools (the recorder; driver/ and integrations/ add the programs). Nothing in it names the prefix, so it may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(TENTERHOOK_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/tenterhook)

# The trace's headers lie beside those that include them as "trace/trace.h": nothing but tenterhook/ is on users' paths.
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/tenterhook DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT runtime FILES_MATCHING PATTERN "*.h")
install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/trace/trace.h ${CMAKE_CURRENT_SOURCE_DIR}/trace/format.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tenterhook/trace COMPONENT runtime)
install(TARGETS tenterhook_runtime tenterhook_trace EXPORT tenterhook_runtime
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(EXPORT tenterhook_runtime NAMESPACE tenterhook:: FILE tenterhook-runtime.cmake
  DESTINATION ${TENTERHOOK_CMAKE_DIR} COMPONENT runtime)

# Where `tenterhook record` looks for it: beside bin, in lib, whatever the system calls its library folder.
install(TARGETS tenterhook_recorder EXPORT tenterhook_tools LIBRARY DESTINATION lib COMPONENT tools)
install(EXPORT tenterhook_tools NAMESPACE tenterhook:: FILE tenterhook-tools.cmake
  DESTINATION ${TENTERHOOK_CMAKE_DIR} COMPONENT tools)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tenterhook-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/tenterhook-config.cmake INSTALL_DESTINATION ${TENTERHOOK_CMAKE_DIR}
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# 0.x: a minor version may change what programs are written against.
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tenterhook-config-version.cmake
  COMPATIBILITY SameMinorVersion)
foreach(component runtime tools) # each can be installed alone
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tenterhook-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/tenterhook-config-version.cmake DESTINATION ${TENTERHOOK_CMAKE_DIR}
    COMPONENT ${component})
endforeach()
