using System.Globalization;
using System.Text.Json;

namespace GenSomAttn.Model.Settings;

/// <summary>Name of a setting in a message: its key in config.json.</summary>
/// <param name="Property">Name of the property.</param>
public readonly record struct SettingName(string Property)
{
    /// <summary>Returns the key: learning_rate.</summary>
    public override string ToString() => JsonNamingPolicy.SnakeCaseLower.ConvertName(Property);
}

/// <summary>A setting whose value cannot be used. The message names settings as config.json does.</summary>
/// <param name="text">The setting, its value and the remedy; names of settings in it are <see cref="SettingName"/>.</param>
public sealed class SettingException(FormattableString text) : ArgumentException(text.ToString(CultureInfo.InvariantCulture))
{
    private readonly FormattableString _text = text;

    /// <summary>Returns the message with other names of settings, such as those of options.</summary>
    /// <param name="rename">Returns the other name.</param>
    public string MessageWith(Func<SettingName, string> rename) => Render(_text, rename);

    private static string Render(FormattableString text, Func<SettingName, string> rename)
    {
        object?[] values =
        [
            .. text.GetArguments().Select(value => value switch
            {
                SettingName name => rename(name),
                FormattableString inner => Render(inner, rename),
                _ => value,
            }),
        ];
        return string.Format(CultureInfo.InvariantCulture, text.Format, values);
    }
}
