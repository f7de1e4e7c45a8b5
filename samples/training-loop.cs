#:project ../src/GenSomAttn.Engine/GenSomAttn.Engine.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Kernels.Shapes;

// A training loop over the engine: an autoencoder of linear layers learns images of one bright row each.
// dotnet run --file samples/training-loop.cs
const int Side = 8, Pixels = Side * Side, Batch = Side, Codes = 4, Steps = 400;
using Backend<float> backend = BackendFactory.Create("cpu", threads: 1);
using var memory = new DeviceMemory(backend);
var parameters = new ParameterSet();
var context = new LayerContext(backend, parameters, memory, Batch);
var network = new Sequence(
    new Linear(context, "encoder", new LinearShape(1, Pixels, Codes)),
    new Linear(context, "hidden", new LinearShape(1, Codes, 32)),
    ActivationLayer.Relu(context),
    new Linear(context, "decoder", new LinearShape(1, 32, Pixels)),
    ActivationLayer.Sigmoid(context));

// All layers are declared: now their parameters get one buffer, and their initial values.
parameters.Allocate(memory);
parameters.Initialize(seed: 1);
var adam = new Adam(backend, parameters);
DeviceView<float> images = memory.Take<float>(Batch * Pixels), gradient = memory.Take<float>(Batch * Pixels);
DeviceView<float> loss = memory.Take<float>(1), rates = memory.Take<float>(2);
images.CopyFrom([.. Enumerable.Range(0, Batch * Pixels).Select(i => i / Side % Side == i / Pixels ? 1f : 0f)]);
for (int step = 1; step <= Steps; step++)
{
    DeviceView<float> output = network.Forward(images, Batch);
    backend.MseForward(output, images, loss);
    adam.ZeroGradients();
    backend.MseBackward(output, images, 1, gradient);
    network.Backward(gradient, Batch);
    (float stepSize, float secondScale) = Adam.Rates(0.01, step);
    rates.CopyFrom([stepSize, secondScale]);
    adam.Apply(rates);
    if (step % 100 == 0)
    {
        Console.WriteLine($"step {step}: mse {loss.ToArray()[0]:0.00000}");
    }
}

return loss.ToArray()[0] < 0.01 ? 0 : 1;
