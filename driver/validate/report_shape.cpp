// What of a SARIF run is read or written by a validation has the types that SARIF gives it. Everything else may be
// anything.
#include "validate/report.h"

namespace tenterhook::validate {

namespace {

using Type = Json::value_t;

class Shape {
public:
  std::string trouble; // of the first breach: "/runs/0/results/3/message is not an object"

  bool is(const Json &value, Type type, const std::string &at) {
    bool number = type == Type::number_unsigned;
    bool right = number ? value.is_number_unsigned() : value.type() == type;
    if (!right && trouble.empty())
      trouble = at + " is not " +
                (type == Type::object   ? "an object"
                 : type == Type::array  ? "an array"
                 : type == Type::string ? "a string"
                                        : "a number");
    return right;
  }
  // A member that may be missing.
  template <typename Next> void member(const Json &object, const char *key, Type type, const std::string &at, Next next) {
    auto it = object.find(key);
    if (it != object.end() && is(*it, type, at + "/" + key))
      next(*it, at + "/" + key);
  }
  void member(const Json &object, const char *key, Type type, const std::string &at) {
    member(object, key, type, at, [](const Json &, const std::string &) {});
  }
  // An array of objects that may be missing.
  template <typename Next> void objects(const Json &object, const char *key, const std::string &at, Next next) {
    member(object, key, Type::array, at, [&](const Json &array, const std::string &place) {
      for (std::size_t i = 0; i < array.size(); ++i)
        if (is(array[i], Type::object, place + "/" + std::to_string(i)))
          next(array[i], place + "/" + std::to_string(i));
    });
  }

  void properties(const Json &object, const std::string &at) {
    member(object, "properties", Type::object, at, [&](const Json &bag, const std::string &place) {
      member(bag, "tenterhook/verdict", Type::object, place,
             [&](const Json &verdict, const std::string &inner) { member(verdict, "sentence", Type::string, inner); });
    });
  }

  void result(const Json &result, const std::string &at) {
    member(result, "ruleId", Type::string, at);
    member(result, "message", Type::object, at,
           [&](const Json &message, const std::string &place) { member(message, "text", Type::string, place); });
    properties(result, at);
    for (const char *places : {"locations", "relatedLocations"})
      objects(result, places, at, [&](const Json &location, const std::string &place) { properties(location, place); });
    objects(result, "stacks", at, [&](const Json &stack, const std::string &place) { properties(stack, place); });
    objects(result, "codeFlows", at, [&](const Json &flow, const std::string &flow_at) {
      objects(flow, "threadFlows", flow_at, [&](const Json &thread, const std::string &thread_at) {
        properties(thread, thread_at);
        if (!thread.contains("locations"))
          is(Json(), Type::array, thread_at + "/locations");
        objects(thread, "locations", thread_at, [&](const Json &step, const std::string &step_at) {
          properties(step, step_at);
          member(step, "nestingLevel", Type::number_unsigned, step_at);
          member(step, "executionOrder", Type::number_unsigned, step_at);
        });
      });
    });
  }

  void run(const Json &run, const std::string &at) {
    member(run, "properties", Type::object, at);
    member(run, "tool", Type::object, at, [&](const Json &tool, const std::string &tool_at) {
      member(tool, "driver", Type::object, tool_at, [&](const Json &driver, const std::string &driver_at) {
        objects(driver, "rules", driver_at,
                [&](const Json &rule, const std::string &place) { member(rule, "id", Type::string, place); });
      });
    });
    objects(run, "results", at, [&](const Json &entry, const std::string &place) { result(entry, place); });
  }
};

} // namespace

std::string misshapen(const Json &run, std::size_t index) {
  Shape shape;
  shape.run(run, "/runs/" + std::to_string(index));
  return shape.trouble;
}

} // namespace tenterhook::validate
