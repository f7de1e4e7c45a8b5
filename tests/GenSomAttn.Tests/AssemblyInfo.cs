using NUnit.Framework;

// Fixtures run beside each other, on as many threads as there are processors; the tests of one in turn, unless it says otherwise.
[assembly: Parallelizable(ParallelScope.Fixtures)]
