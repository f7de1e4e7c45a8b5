using System.CommandLine;
using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;

namespace GenSomAttn.Cli.Verbs;

/// <summary>devices: accelerators and devices of this machine.</summary>
internal sealed class DevicesVerb(Command verb)
{
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "devices", "Lists the values of --accelerator, the numbers of --device, and what can run here or is missing. Example: devices");
        verb.SetAction(new DevicesVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(new { BackendFactory.Accelerators });
            return ExitCodes.Done;
        }

        var table = new TextTable(1, [.. TextTable.Texts("accelerator", "available", "what runs", "why")]);
        foreach (AcceleratorInfo info in BackendFactory.Accelerators)
        {
            table.Add(info.Name, info.Available ? "yes" : "no", info.Description, info.Reason);
        }

        table.Print();
        var devices = new TextTable(2, [.. TextTable.Texts("accelerator", "device", "name", "memory", "driver", "")]);
        foreach (AcceleratorInfo info in BackendFactory.Accelerators)
        {
            foreach (DeviceInfo device in info.Devices)
            {
                devices.Add(
                    info.Name, $"{device.Number}", device.Name, Memory(device.MemoryBytes), device.Driver,
                    device.Available ? string.Empty : device.Reason);
            }
        }

        devices.Print();
        return ExitCodes.Done;
    }

    /// <summary>Formats a device's memory in megabytes; the simulator uses the host's memory.</summary>
    private static string Memory(long bytes) =>
        bytes is <= 0 or long.MaxValue ? "the host's" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
