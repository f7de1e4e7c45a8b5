using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IOptimizerOps.AdamStep"/>
    public static void AdamStep(
        ReadOnlySpan<T> gradient, AdamSettings settings, ReadOnlySpan<float> rates,
        Span<T> parameter, Span<T> firstMoment, Span<T> secondMoment)
    {
        T beta1 = T.CreateChecked(settings.Beta1);
        T beta2 = T.CreateChecked(settings.Beta2);

        // 1 - β is taken in double: in float, 1 - 0.999f would be wrong by 1e-5 of itself.
        T oneMinusBeta1 = T.CreateChecked(1 - settings.Beta1);
        T oneMinusBeta2 = T.CreateChecked(1 - settings.Beta2);
        T stepSize = T.CreateChecked(rates[0]);
        T secondScale = T.CreateChecked(rates[1]);
        T epsilon = T.CreateChecked(settings.Epsilon);
        for (int i = 0; i < gradient.Length; i++)
        {
            firstMoment[i] = (beta1 * firstMoment[i]) + (oneMinusBeta1 * gradient[i]);
            secondMoment[i] = (beta2 * secondMoment[i]) + (oneMinusBeta2 * gradient[i] * gradient[i]);
            parameter[i] -= stepSize * firstMoment[i] / (T.Sqrt(secondMoment[i] * secondScale) + epsilon);
        }
    }
}
