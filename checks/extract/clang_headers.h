// The Clang headers that every file of this room needs; precompiled (CMake) because they cost seconds.
#ifndef TENTERHOOK_CHECKS_EXTRACT_CLANG_HEADERS_H
#define TENTERHOOK_CHECKS_EXTRACT_CLANG_HEADERS_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ODRHash.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"
#pragma GCC diagnostic pop

#endif
