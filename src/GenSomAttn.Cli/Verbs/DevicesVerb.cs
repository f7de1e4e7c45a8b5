using System.CommandLine;
using System.Globalization;
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
        var verb = new Command(
            "devices", "Lists the values of --accelerator, the numbers of --device, and what can run here or is missing. Example: devices")
        {
            json,
        };
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
        Table devices = Consoles.PlainTable("accelerator", "device", "name", "memory", "driver", "");
        foreach (AcceleratorInfo info in BackendFactory.Accelerators)
        {
            foreach (DeviceInfo device in info.Devices)
            {
                devices.AddRow(
                    new Text(info.Name), new Text($"{device.Number}"), new Text(device.Name), new Text(Memory(device.MemoryBytes)),
                    new Text(device.Driver), new Text(device.Available ? string.Empty : device.Reason));
            }
        }

        Consoles.Output().Write(devices);
        return ExitCodes.Done;
    }

    /// <summary>Megabytes; the simulator has no limit of its own.</summary>
    private static string Memory(long bytes) =>
        bytes is <= 0 or long.MaxValue ? "the host's" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
