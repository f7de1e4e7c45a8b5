using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>An option that sets one of the training settings.</summary>
/// <param name="Option">The option.</param>
/// <param name="Apply">Returns the settings with the option's value; unchanged if the option was not given.</param>
internal sealed record SettingOption(Option Option, Func<ParseResult, TrainingSettings, TrainingSettings> Apply)
{
    /// <summary>Key of the setting in config.json; --map sets two, map_height and map_width.</summary>
    public string Key => Option.Name.TrimStart('-').Replace('-', '_');

    /// <summary>The only model that the option applies to; null for every model.</summary>
    public ModelKind? Only { get; init; }

    /// <summary>Returns whether the option's value applies to every model nevertheless.</summary>
    public Func<ParseResult, Option, bool> AppliesAnyway { get; init; } = (_, _) => false;

    /// <summary>Refuses an option that the model would ignore.</summary>
    /// <exception cref="UsageException">The option was given and does not apply to the model.</exception>
    public void Check(ParseResult parse, ModelKind model)
    {
        if (Only is { } only && model != only && parse.GetResult(Option) is { Implicit: false } && !AppliesAnyway(parse, Option))
        {
            throw new UsageException(
                $"{Option.Name} does not apply to --model {model.ToString().ToLowerInvariant()}: "
                + $"it is for {only.ToString().ToLowerInvariant()}.");
        }
    }

    /// <summary>Creates an option whose help ends with its default, read from the settings, and an example.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="form">Form of its value.</param>
    /// <param name="description">Help text.</param>
    /// <param name="defaultValue">The default in the settings, or words.</param>
    /// <param name="example">A valid value.</param>
    /// <param name="set">Returns settings with the value.</param>
    public static SettingOption Create<T>(
        string name, ValueForm<T> form, string description, object defaultValue, string example,
        Func<TrainingSettings, T, TrainingSettings> set)
    {
        Option<T> option = form.CreateOption(name, ValueForms.HelpText(description, defaultValue, $"{name} {example}"));
        return new SettingOption(option, (parse, settings) =>
            parse.GetResult(option) is null ? settings : set(settings, parse.GetRequiredValue(option)));
    }

    /// <summary>Creates an option without a value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">Help text.</param>
    /// <param name="set">Returns settings with the option switched on.</param>
    public static SettingOption CreateFlag(string name, string description, Func<TrainingSettings, TrainingSettings> set)
    {
        var option = new Option<bool>(name) { Description = description };
        return new SettingOption(option, (parse, settings) => parse.GetValue(option) ? set(settings) : settings);
    }
}
