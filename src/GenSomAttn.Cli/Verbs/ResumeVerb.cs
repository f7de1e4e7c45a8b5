using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>resume: continues a training that was stopped or killed, in its run directory.</summary>
internal sealed class ResumeVerb
{
    private readonly Argument<string> _run = CommonOptions.Run();
    private readonly Option<string> _accelerator = CommonOptions.Accelerator();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _device = CommonOptions.Device();
    private readonly Option<string> _data = ValueForms.Path.CreateOption(
        "--data", "Folder of the training's data set, if it has moved. Default: that of the run. Example: --data data/fashion-mnist");

    private readonly TrainingRunOptions _course = new();

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var resume = new ResumeVerb();
        var verb = new Command(
            "resume",
            "Resumes a training that was stopped or killed. On the same accelerator the result has the same bytes as without the "
            + "interruption, at any number of threads. Accelerator, device and threads are by default those of the run. "
            + "Example: resume 7")
        {
            resume._run, resume._accelerator, resume._device, resume._threads, resume._data,
        };
        resume._course.AddTo(verb);
        verb.SetAction(parse => StopSignals.Run(signals => resume.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        RunDirectory run = RunDirectory.Open(parse.GetRequiredValue(_run));
        RunConfig config = Resolve(parse, RunConfig.Load(run.ConfigPath));
        using IDisposable held = run.Lock();
        using Backend<float> backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device);
        DataOptions options = config.Settings.ToDataOptions() with { AdvisesSkipping = false };
        Task<Dataset> reading = Task.Run(() => DataLoading.Load(config.Data, options));
        Dataset dataset = reading.WaitAsync(signals.Token).GetAwaiter().GetResult();
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset);
        signals.Token.ThrowIfCancellationRequested();
        TrainingResume.Continue(run, trainer);
        var session = new TrainingSession(run, config, trainer, signals);
        return session.Run(_course.Progress(parse, config.Settings.Epochs, dataset.Train.Count), _course.Json(parse));
    }

    private RunConfig Resolve(ParseResult parse, RunConfig config) => config with
    {
        Data = parse.GetValue(_data) ?? config.Data,
        Accelerator = parse.GetValue(_accelerator) ?? config.Accelerator,
        Threads = parse.GetResult(_threads) is null ? config.Threads : parse.GetValue(_threads),
        Device = parse.GetResult(_device) is null ? config.Device : parse.GetValue(_device),
        CheckpointMinutes = _course.CheckpointMinutes(parse) ?? config.CheckpointMinutes,
    };
}
