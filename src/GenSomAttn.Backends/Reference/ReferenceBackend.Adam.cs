using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void AdamStepCore(
        DeviceView<T> gradient, AdamSettings settings, DeviceView<T> rates,
        DeviceView<T> parameter, DeviceView<T> firstMoment, DeviceView<T> secondMoment)
    {
        T beta1 = T.CreateChecked(settings.Beta1);
        T beta2 = T.CreateChecked(settings.Beta2);

        // 1 - β is taken in double: in float, 1 - 0.999f would be wrong by 1e-5 of itself.
        T oneMinusBeta1 = T.CreateChecked(1 - settings.Beta1);
        T oneMinusBeta2 = T.CreateChecked(1 - settings.Beta2);
        T stepSize = rates[0];
        T secondScale = rates[1];
        T epsilon = T.CreateChecked(settings.Epsilon);
        for (int i = 0; i < gradient.Length; i++)
        {
            firstMoment[i] = (beta1 * firstMoment[i]) + (oneMinusBeta1 * gradient[i]);
            secondMoment[i] = (beta2 * secondMoment[i]) + (oneMinusBeta2 * gradient[i] * gradient[i]);
            parameter[i] -= stepSize * firstMoment[i] / (T.Sqrt(secondMoment[i] * secondScale) + epsilon);
        }
    }
}
