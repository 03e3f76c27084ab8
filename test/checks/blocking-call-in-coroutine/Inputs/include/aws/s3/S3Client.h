// The few declarations of the AWS SDK that a test needs.
#pragma once
#include <functional>
namespace Aws {
namespace S3 {
struct GetObjectRequest {};
struct GetObjectOutcome {};
class S3Client {
public:
  virtual ~S3Client();
  virtual GetObjectOutcome GetObject(const GetObjectRequest &) const;
  virtual GetObjectOutcome PutObject(const GetObjectRequest &) const;
  void GetObjectAsync(const GetObjectRequest &, const std::function<void(const GetObjectOutcome &)> &) const;
};
} // namespace S3
namespace DynamoDB {
struct QueryRequest {};
struct QueryOutcome {};
class DynamoDBClient {
public:
  virtual QueryOutcome Query(const QueryRequest &) const;
};
} // namespace DynamoDB
} // namespace Aws
