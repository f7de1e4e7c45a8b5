using NUnit.Framework;

// Fixtures run in parallel on one thread per processor; the tests of a fixture run in sequence unless it declares otherwise.
[assembly: Parallelizable(ParallelScope.Fixtures)]
