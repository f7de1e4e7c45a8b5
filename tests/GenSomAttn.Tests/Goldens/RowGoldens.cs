using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Tests.Goldens;

/// <summary>Operations on rows: linear, layer norm, softmax, attention.</summary>
internal static class RowGoldens
{
    public static void Linear(GoldenCase golden)
    {
        int[] weightShape = golden.Shape("weight");
        LinearShape shape = new(golden.Count("input") / weightShape[1], weightShape[1], weightShape[0]);
        DeviceView<float> input = golden.Load("input");
        DeviceView<float> weight = golden.Load("weight", GoldenCase.LinearWeight);
        DeviceView<float> dOutput = golden.Load("d_output");
        DeviceView<float> output = golden.Zeros(shape.OutputLength);
        DeviceView<float> dInput = golden.Zeros(shape.InputLength);
        DeviceView<float> dWeight = golden.Zeros(shape.WeightLength);
        DeviceView<float> dBias = golden.Zeros(shape.OutFeatures);

        golden.Backend.LinearForward(input, weight, golden.Load("bias"), shape, output);
        golden.Backend.LinearBackwardInput(dOutput, weight, shape, dInput);
        golden.Backend.LinearBackwardWeight(dOutput, input, shape, dWeight);
        golden.Backend.BiasBackward(dOutput, new RowsShape(shape.Rows, shape.OutFeatures), dBias);

        golden.Close("output", output, Tolerance.OfSum(shape.InFeatures));
        golden.Close("d_input", dInput, Tolerance.OfSum(shape.OutFeatures));
        golden.Close("d_weight", dWeight, Tolerance.OfSum(shape.Rows), GoldenCase.LinearWeight);
        golden.Close("d_bias", dBias, Tolerance.OfSum(shape.Rows));
    }

    public static void LayerNorm(GoldenCase golden)
    {
        int length = golden.Count("weight");
        RowsShape shape = new(golden.Count("input") / length, length);
        DeviceView<float> input = golden.Load("input");
        DeviceView<float> weight = golden.Load("weight");
        DeviceView<float> output = golden.Zeros(shape.TotalLength);
        DeviceView<float> savedMean = golden.Zeros(shape.Rows);
        DeviceView<float> savedInvStd = golden.Zeros(shape.Rows);
        DeviceView<float> dInput = golden.Zeros(shape.TotalLength);
        DeviceView<float> dWeight = golden.Zeros(length);
        DeviceView<float> dBias = golden.Zeros(length);

        golden.Backend.LayerNormForward(
            input, weight, golden.Load("bias"), shape, (float)golden.Double("epsilon"), output, savedMean, savedInvStd);
        golden.Backend.LayerNormBackward(
            golden.Load("d_output"), input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);

        Tolerance normalized = new(1e-5, 1e-5, "a row's mean and variance are wrong by a few float roundings and scale the whole row");
        golden.Close("output", output, normalized);
        golden.Close("d_input", dInput, normalized);
        golden.Close("d_weight", dWeight, Tolerance.OfSum(shape.Rows));
        golden.Close("d_bias", dBias, Tolerance.OfSum(shape.Rows));
    }

    public static void Softmax(GoldenCase golden)
    {
        int length = golden.Shape("input")[^1];
        RowsShape shape = new(golden.Count("input") / length, length);
        DeviceView<float> output = golden.Zeros(shape.TotalLength);
        DeviceView<float> dInput = golden.Zeros(shape.TotalLength);

        golden.Backend.SoftmaxForward(golden.Load("input"), shape, output);
        golden.Backend.SoftmaxBackward(golden.Load("d_output"), output, shape, dInput);

        golden.Close("output", output, Tolerance.Elementwise);
        golden.Close("d_input", dInput, Tolerance.Elementwise);
    }

    /// <summary>The projection to query, key and value, the attention itself, and the projection that mixes the heads.</summary>
    public static void MultiHeadSelfAttention(GoldenCase golden)
    {
        int[] inputShape = golden.Shape("input");
        AttentionShape shape = new(inputShape[0], inputShape[1], inputShape[2], golden.Int("heads"));
        int rows = shape.Batch * shape.Tokens;
        LinearShape inShape = new(rows, shape.Width, 3 * shape.Width);
        LinearShape outShape = new(rows, shape.Width, shape.Width);
        DeviceView<float> input = golden.Load("input");
        DeviceView<float> inWeight = golden.Load("in_proj_weight", GoldenCase.LinearWeight);
        DeviceView<float> outWeight = golden.Load("out_proj_weight", GoldenCase.LinearWeight);
        DeviceView<float> queryKeyValue = golden.Zeros(shape.QueryKeyValueLength);
        DeviceView<float> probs = golden.Zeros(shape.ProbsLength);
        DeviceView<float> context = golden.Zeros(shape.ContextLength);
        DeviceView<float> output = golden.Zeros(outShape.OutputLength);
        Backend<float> backend = golden.Backend;
        backend.LinearForward(input, inWeight, golden.Load("in_proj_bias"), inShape, queryKeyValue);
        backend.AttentionForward(queryKeyValue, shape, probs, context);
        backend.LinearForward(context, outWeight, golden.Load("out_proj_bias"), outShape, output);

        DeviceView<float> dOutput = golden.Load("d_output");
        DeviceView<float> dContext = golden.Zeros(shape.ContextLength);
        DeviceView<float> dQueryKeyValue = golden.Zeros(shape.QueryKeyValueLength);
        DeviceView<float> dInput = golden.Zeros(inShape.InputLength);
        DeviceView<float> dInWeight = golden.Zeros(inShape.WeightLength);
        DeviceView<float> dInBias = golden.Zeros(inShape.OutFeatures);
        DeviceView<float> dOutWeight = golden.Zeros(outShape.WeightLength);
        DeviceView<float> dOutBias = golden.Zeros(outShape.OutFeatures);
        backend.LinearBackwardWeight(dOutput, context, outShape, dOutWeight);
        backend.BiasBackward(dOutput, new RowsShape(rows, outShape.OutFeatures), dOutBias);
        backend.LinearBackwardInput(dOutput, outWeight, outShape, dContext);
        backend.AttentionBackward(dContext, queryKeyValue, probs, shape, dQueryKeyValue);
        backend.LinearBackwardWeight(dQueryKeyValue, input, inShape, dInWeight);
        backend.BiasBackward(dQueryKeyValue, new RowsShape(rows, inShape.OutFeatures), dInBias);
        backend.LinearBackwardInput(dQueryKeyValue, inWeight, inShape, dInput);

        // Length of all successive reductions together: over channels for each projection, over tokens, over rows.
        Tolerance throughAll = Tolerance.OfSum((3 * shape.Width) + shape.Tokens + rows);
        golden.Close("probs", probs, throughAll);
        golden.Close("output", output, throughAll);
        golden.Close("d_input", dInput, throughAll);
        golden.Close("d_in_proj_weight", dInWeight, throughAll, GoldenCase.LinearWeight);
        golden.Close("d_in_proj_bias", dInBias, throughAll);
        golden.Close("d_out_proj_weight", dOutWeight, throughAll, GoldenCase.LinearWeight);
        golden.Close("d_out_proj_bias", dOutBias, throughAll);
    }
}
