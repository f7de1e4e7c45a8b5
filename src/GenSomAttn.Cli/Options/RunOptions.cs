using System.CommandLine;

namespace GenSomAttn.Cli.Options;

/// <summary>What the verbs that read a trained run have in common: which run, and what computes.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _run = CommonOptions.Run();
    private readonly Option<string> _accelerator = CommonOptions.Accelerator();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _device = CommonOptions.Device();
    private readonly Option<string> _data = ValueForms.Path.CreateOption(
        "--data", "Folder of the data set. Default: that of the training. Example: --data data/fashion-mnist");

    private readonly Option<bool> _allowNonFinite = CommonOptions.AllowNonFinite();
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Puts them into a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_run);
        verb.Add(_accelerator);
        verb.Add(_threads);
        verb.Add(_device);
        verb.Add(_data);
        verb.Add(_allowNonFinite);
        verb.Add(_json);
    }

    /// <summary>Opens the run that was named.</summary>
    public TrainedRun Open(ParseResult parse)
        => TrainedRun.Open(
            parse.GetRequiredValue(_run), parse.GetValue(_allowNonFinite), parse.GetValue(_accelerator) ?? "auto",
            parse.GetValue(_threads), parse.GetValue(_device));

    /// <summary>The data folder, if one was given.</summary>
    public string? Data(ParseResult parse) => parse.GetValue(_data);

    /// <summary>Whether the result shall be JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);
}
