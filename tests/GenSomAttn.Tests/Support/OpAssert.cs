using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>Assertions on differentiable operations of every backend.</summary>
internal static class OpAssert
{
    /// <summary>Asserts that forward and backward in float agree with the reference in double.</summary>
    public static void MatchesReference(GradientCase gradientCase, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        IReadOnlyList<CheckResult> results = GradientChecks.CheckBackend(gradientCase, backend);
        Assert.That(results.Where(result => !result.Passed).Select(result => result.ToString()), Is.Empty);
    }

    /// <summary>
    /// Asserts that outputs and dInput are overwritten and that dWeight and dBias accumulate: a second backward doubles them.
    /// </summary>
    /// <param name="gradientCase">The operation.</param>
    /// <param name="accelerator">The backend.</param>
    /// <param name="added">Inputs whose gradients accumulate as well.</param>
    public static void KeepsTheConvention(GradientCase gradientCase, string accelerator, params string[] added)
    {
        bool IsAddedTo(CaseInput input) => input.Name is "weight" or "bias" || added.Contains(input.Name);

        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        OpRun run = new(gradientCase, scratch);
        run.Output.CopyFrom(NaNs(run.Output.Length));
        for (int i = 0; i < run.DInputs.Length; i++)
        {
            if (!IsAddedTo(gradientCase.Inputs[i]))
            {
                run.DInputs[i].CopyFrom(NaNs(run.DInputs[i].Length));
            }
        }

        run.Forward();
        Assert.That(run.Output.ToArray(), Has.None.NaN, "output");
        run.Backward();
        float[][] once = [.. run.DInputs.Select(dInput => dInput.ToArray())];
        run.Backward();
        for (int i = 0; i < once.Length; i++)
        {
            CaseInput input = gradientCase.Inputs[i];
            float[] twice = run.DInputs[i].ToArray();
            if (input.Gradient is Tolerance tolerance && IsAddedTo(input))
            {
                Compare.Close($"d {input.Name} after two", twice, Array.ConvertAll(once[i], number => 2.0 * number), tolerance);
                Assert.That(twice, Is.Not.EqualTo(once[i]), input.Name);
            }
            else if (input.Gradient is not null)
            {
                Assert.That(once[i], Has.None.NaN, input.Name);
                Compare.SameBits($"d {input.Name} after two", twice, once[i]);
            }
        }
    }

    private static float[] NaNs(int length) => [.. Enumerable.Repeat(float.NaN, length)];
}
