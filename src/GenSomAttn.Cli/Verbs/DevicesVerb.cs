using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using Spectre.Console;

namespace GenSomAttn.Cli.Verbs;

/// <summary>devices: what can compute here.</summary>
internal static class DevicesVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var verb = new Command("devices", "Lists the values of --accelerator and whether they can run here. Example: devices") { json };
        verb.SetAction(parse => Run(parse.GetValue(json)));
        return verb;
    }

    private static int Run(bool json)
    {
        if (json)
        {
            JsonOutput.Write(new { BackendFactory.Accelerators });
            return ExitCodes.Done;
        }

        Table table = Consoles.PlainTable("accelerator", "available", "what runs", "why");
        foreach (AcceleratorInfo info in BackendFactory.Accelerators)
        {
            table.AddRow(new Text(info.Name), new Text(info.Available ? "yes" : "no"), new Text(info.Description), new Text(info.Reason));
        }

        Consoles.Output().Write(table);
        return ExitCodes.Done;
    }
}
