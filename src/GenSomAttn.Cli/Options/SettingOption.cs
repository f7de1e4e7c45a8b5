using System.CommandLine;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Options;

/// <summary>An option that sets one of the training settings.</summary>
/// <param name="Option">The option.</param>
/// <param name="Apply">The settings with its value in place; unchanged if it was not given.</param>
internal sealed record SettingOption(Option Option, Func<ParseResult, TrainingSettings, TrainingSettings> Apply)
{
    /// <summary>The only model that it means something to; null for every model.</summary>
    public ModelKind? Only { get; init; }

    /// <summary>Refuses an option that the model would ignore: it is a mistake of the user's.</summary>
    /// <exception cref="UsageException">It was given, and the model is another one.</exception>
    public void Check(ParseResult parse, ModelKind model)
    {
        if (Only is { } only && model != only && parse.GetResult(Option) is not null)
        {
            throw new UsageException(
                $"{Option.Name} means nothing to --model {model.ToString().ToLowerInvariant()}: "
                + $"it is for {only.ToString().ToLowerInvariant()}.");
        }
    }

    /// <summary>An option whose help ends with its default, read from the settings, and an example.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="form">What its value looks like.</param>
    /// <param name="description">What it does.</param>
    /// <param name="defaultText">Its default, as it would be typed.</param>
    /// <param name="example">A value that makes sense.</param>
    /// <param name="set">Puts a value into settings.</param>
    public static SettingOption Create<T>(
        string name, ValueForm<T> form, string description, string defaultText, string example,
        Func<TrainingSettings, T, TrainingSettings> set)
    {
        Option<T> option = form.CreateOption(name, $"{description} Default: {defaultText}. Example: {name} {example}");
        return new SettingOption(option, (parse, settings) =>
            parse.GetResult(option) is null ? settings : set(settings, parse.GetRequiredValue(option)));
    }

    /// <summary>An option without a value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="set">Switches it on in settings.</param>
    public static SettingOption CreateFlag(string name, string description, Func<TrainingSettings, TrainingSettings> set)
    {
        var option = new Option<bool>(name) { Description = description };
        return new SettingOption(option, (parse, settings) => parse.GetValue(option) ? set(settings) : settings);
    }
}
