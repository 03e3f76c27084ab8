"""many.py N: writes a source file of N coroutines without findings."""
import sys

print('#include "task.h"\nstd::mutex account;')
for i in range(int(sys.argv[1])):
    print(f"int plus{i}(int a, int b) {{ return a > b ? a + b : a - b; }}")
    print(f"task add{i}(int n) {{ for (int i = 0; i < n; ++i) {{ {{ std::lock_guard g(account); n -= plus{i}(i, n); }} co_await tick(); }} }}")
