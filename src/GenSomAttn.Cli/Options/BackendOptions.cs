using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Options;

/// <summary>Options of the backend: accelerator, device and threads.</summary>
/// <param name="verb">The verb that has these options.</param>
internal sealed class BackendOptions(Command verb)
{
    private readonly DefaultedOption<string> _accelerator = verb.Declare(CommonOptions.Accelerator());
    private readonly DefaultedOption<int> _device = verb.Declare(CommonOptions.Device());
    private readonly DefaultedOption<int> _threads = verb.Declare(CommonOptions.Threads());

    /// <summary>Creates the backend.</summary>
    /// <exception cref="AcceleratorUnavailableException">It cannot run here.</exception>
    public Backend<float> Open(ParseResult parse) =>
        AcceleratorSelection.Open(parse.Get(_accelerator), parse.Get(_threads), parse.Get(_device));

    /// <summary>Returns the configuration with the options that were given.</summary>
    public RunConfig Apply(ParseResult parse, RunConfig config) => config with
    {
        Accelerator = parse.GetValue(_accelerator) ?? config.Accelerator,
        Device = parse.Given(_device) ?? config.Device,
        Threads = parse.Given(_threads) ?? config.Threads,
    };
}
