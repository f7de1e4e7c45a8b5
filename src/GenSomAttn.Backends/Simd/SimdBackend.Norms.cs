using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Layer norm and softmax: rows are short, so threads share the rows and a row is a plain loop.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Rows that one item takes.</summary>
    private const int NormRowsPerItem = 64;

    /// <inheritdoc/>
    public void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        OpChecks.LayerNormForward(input, weight, bias, shape, epsilon, output, savedMean, savedInvStd);
        LayerNormJob job = default;
        job.Input = input.Address();
        job.Weight = weight.Address();
        job.Bias = bias.Address();
        job.Shape = shape;
        job.Epsilon = epsilon;
        job.Output = output.Address();
        job.Mean = savedMean.Address();
        job.InvStd = savedInvStd.Address();
        _pool.Run(job, DivideUp(shape.Rows, NormRowsPerItem));
    }

    /// <inheritdoc/>
    public void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        OpChecks.LayerNormBackward(dOutput, input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);
        LayerNormGradientJob job = default;
        job.DOutput = dOutput.Address();
        job.Input = input.Address();
        job.Weight = weight.Address();
        job.Mean = savedMean.Address();
        job.InvStd = savedInvStd.Address();
        job.Shape = shape;
        job.DInput = dInput.Address();
        int items = DivideUp(shape.Rows, NormRowsPerItem);
        job.Partials = _workspace.Shared(items * 2 * shape.Length);
        _pool.Run(job, items);

        Span<float> weightSum = dWeight.Span(), biasSum = dBias.Span();
        for (int item = 0; item < items; item++)
        {
            float* partial = job.Partials + ((long)item * 2 * shape.Length);
            for (int j = 0; j < shape.Length; j++)
            {
                weightSum[j] += partial[j];
                biasSum[j] += partial[shape.Length + j];
            }
        }
    }

    /// <inheritdoc/>
    public void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.SoftmaxForward(input, shape, output);
        for (int row = 0; row < shape.Rows; row++)
        {
            Softmax(input.Address() + (row * shape.Length), shape.Length, output.Address() + (row * shape.Length));
        }
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        OpChecks.SoftmaxBackward(dOutput, output, shape, dInput);
        for (int row = 0; row < shape.Rows; row++)
        {
            int start = row * shape.Length;
            SoftmaxGradient(dOutput.Address() + start, output.Address() + start, shape.Length, dInput.Address() + start);
        }
    }

    /// <summary>output[i] = exp(input[i] - max) / Σ exp(input[j] - max), on one row; may alias.</summary>
    private static void Softmax(float* input, int length, float* output)
    {
        float max = float.NegativeInfinity;
        for (int i = 0; i < length; i++)
        {
            max = MathF.Max(max, input[i]);
        }

        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            output[i] = MathF.Exp(input[i] - max);
            sum += output[i];
        }

        float scale = 1 / sum;
        for (int i = 0; i < length; i++)
        {
            output[i] *= scale;
        }
    }

    /// <summary>dInput[i] = output[i] · (dOutput[i] - Σ dOutput[j] · output[j]), on one row; may alias.</summary>
    private static void SoftmaxGradient(float* dOutput, float* output, int length, float* dInput)
    {
        float mean = 0;
        for (int i = 0; i < length; i++)
        {
            mean += dOutput[i] * output[i];
        }

        for (int i = 0; i < length; i++)
        {
            dInput[i] = output[i] * (dOutput[i] - mean);
        }
    }

    /// <summary>output = (input - mean) · invStd · weight + bias; one item is <see cref="NormRowsPerItem"/> rows.</summary>
    private struct LayerNormJob : IJob
    {
        public float* Input;
        public float* Weight;
        public float* Bias;
        public RowsShape Shape;
        public float Epsilon;
        public float* Output;
        public float* Mean;
        public float* InvStd;

        public readonly void Execute(int item, int worker)
        {
            int end = Math.Min(Shape.Rows, (item + 1) * NormRowsPerItem);
            for (int row = item * NormRowsPerItem; row < end; row++)
            {
                float* input = Input + ((long)row * Shape.Length);
                float* output = Output + ((long)row * Shape.Length);
                float sum = 0;
                for (int j = 0; j < Shape.Length; j++)
                {
                    sum += input[j];
                }

                float mean = sum / Shape.Length;
                float squares = 0;
                for (int j = 0; j < Shape.Length; j++)
                {
                    squares += (input[j] - mean) * (input[j] - mean);
                }

                float invStd = 1 / MathF.Sqrt((squares / Shape.Length) + Epsilon);
                for (int j = 0; j < Shape.Length; j++)
                {
                    output[j] = ((input[j] - mean) * invStd * Weight[j]) + Bias[j];
                }

                Mean[row] = mean;
                InvStd[row] = invStd;
            }
        }
    }

    /// <summary>One item is <see cref="NormRowsPerItem"/> rows, with partial sums of dWeight and dBias of its own.</summary>
    private struct LayerNormGradientJob : IJob
    {
        public float* DOutput;
        public float* Input;
        public float* Weight;
        public float* Mean;
        public float* InvStd;
        public RowsShape Shape;
        public float* DInput;
        public float* Partials;

        public readonly void Execute(int item, int worker)
        {
            float* dWeight = Partials + ((long)item * 2 * Shape.Length);
            float* dBias = dWeight + Shape.Length;
            new Span<float>(dWeight, 2 * Shape.Length).Clear();
            int end = Math.Min(Shape.Rows, (item + 1) * NormRowsPerItem);
            for (int row = item * NormRowsPerItem; row < end; row++)
            {
                AddRow(row, dWeight, dBias);
            }
        }

        /// <summary>With x̂ = (input - mean) · invStd and g = dOutput · weight: dInput = invStd · (g - mean(g) - x̂ · mean(g · x̂)).</summary>
        private readonly void AddRow(int row, float* dWeight, float* dBias)
        {
            float* dOutput = DOutput + ((long)row * Shape.Length);
            float* input = Input + ((long)row * Shape.Length);
            float* dInput = DInput + ((long)row * Shape.Length);
            float mean = Mean[row], invStd = InvStd[row];
            float sum = 0, weightedSum = 0;
            for (int j = 0; j < Shape.Length; j++)
            {
                float normalized = (input[j] - mean) * invStd;
                float g = dOutput[j] * Weight[j];
                sum += g;
                weightedSum += g * normalized;
                dWeight[j] += dOutput[j] * normalized;
                dBias[j] += dOutput[j];
            }

            sum /= Shape.Length;
            weightedSum /= Shape.Length;
            for (int j = 0; j < Shape.Length; j++)
            {
                float normalized = (input[j] - mean) * invStd;
                dInput[j] = invStd * ((dOutput[j] * Weight[j]) - sum - (normalized * weightedSum));
            }
        }
    }
}
