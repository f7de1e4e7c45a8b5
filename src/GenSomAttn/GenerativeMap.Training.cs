using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Training;

namespace GenSomAttn;

public sealed partial class GenerativeMap
{
    /// <summary>Trains a model.</summary>
    /// <param name="images">The training images.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="progress">
    /// Receives a report after each epoch, on the thread of the training; an exception of it ends the training and is that of the task.
    /// </param>
    /// <param name="stop">
    /// Ends the training after the current step. The task then does not fail: it returns the model as it is, with <see cref="Stopped"/>.
    /// </param>
    /// <returns>The model, whole and ready to be saved, whether the training was stopped or not.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, does not fit the images, or the test images have another shape; thrown before the task starts, except
    /// where an option does not fit the images.
    /// </exception>
    /// <exception cref="NotSupportedException">The accelerator is not available here (of the task).</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory (of the task).</exception>
    /// <exception cref="ArithmeticException">A loss is not finite: try a smaller learning rate (of the task).</exception>
    public static Task<GenerativeMap> TrainAsync(
        Images images, TrainOptions? options = null, IProgress<EpochReport>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new TrainOptions();
        options.Validate();
        if (options.TestImages is { } test)
        {
            CheckShape(test, images.Set.Shape, nameof(options));
        }

        // Without the token: a training that is cancelled before it starts also returns a model.
        return Task.Run(() => Train(images, options, progress, stop), CancellationToken.None);
    }

    private static GenerativeMap Train(Images images, TrainOptions options, IProgress<EpochReport>? progress, CancellationToken stop)
    {
        Backend<float>? backend = null;
        try
        {
            backend = Open(options.Compute);
            return Train(backend, images, options, progress, stop);
        }
        catch (Exception exception)
        {
            backend?.Dispose();
            if (Faults.Explain(exception) is { } known)
            {
                throw known;
            }

            throw;
        }
    }

    /// <summary>Trains with a backend that the returned model owns.</summary>
    internal static GenerativeMap Train(
        Backend<float> backend, Images images, TrainOptions options, IProgress<EpochReport>? progress, CancellationToken stop)
    {
        ImageSet train = images.Set;
        ImageSet test = options.TestImages?.Set ?? new ImageSet(ReadOnlyMemory<byte>.Empty, [], train.Shape);
        Checkpoint checkpoint;
        bool stopped;
        using (var trainer = new Trainer(backend, options.ToSettings(), new Dataset(train, test, [], Dataset.HashOf(train, test))))
        {
            trainer.Run(new Observer(options.Epochs, progress), stop);
            checkpoint = trainer.ToCheckpoint();
            stopped = trainer.Step < trainer.TotalSteps;
        }

        GenerativeMap map = Restore(backend, checkpoint, stopped);
        map.FitDensity(images);
        return map;
    }

    private static Backend<float> Open(Compute compute)
    {
        try
        {
            return BackendFactory.Create(compute.Accelerator, compute.Threads, compute.Device);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(PlainMessage.Of(exception), nameof(compute), exception);
        }
    }

    private sealed class Observer(int epochs, IProgress<EpochReport>? progress) : ITrainingObserver
    {
        public void OnStep(StepReport report)
        {
        }

        public void OnEpoch(EpochMetrics metrics)
        {
            // The first report, before the first step, has no loss.
            if (metrics.Loss is { } loss)
            {
                progress?.Report(new EpochReport(
                    metrics.Epoch, epochs, loss, metrics.MseE, metrics.MseQ, metrics.QuantizationError, metrics.Te6, metrics.UnitsUsed,
                    metrics.Seconds));
            }
        }
    }
}
