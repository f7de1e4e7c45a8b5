using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenSomAttn.Model.Data;

/// <summary>The path of a data set, or the paths of several that are one set together; in JSON a string or an array of strings.</summary>
[JsonConverter(typeof(DataPathsConverter))]
public sealed class DataPaths : IEquatable<DataPaths>
{
    /// <summary>Creates the paths.</summary>
    /// <param name="paths">At least one, in the order of their images.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public DataPaths(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        All = paths.Count > 0 ? paths : throw new ArgumentException("There is no path.", nameof(paths));
    }

    /// <summary>The paths, at least one.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The last component of each path, with plus signs between them.</summary>
    public string Names => string.Join('+', All.Select(NameOf));

    /// <summary>Returns the paths in full, with the word "sample" as the path of the shipped images.</summary>
    public DataPaths Resolve() => new([.. All.Select(path => Path.GetFullPath(DataFolders.Resolve(path)))]);

    /// <summary>A string is one path.</summary>
    public static implicit operator DataPaths(string path) => new(path);

    /// <inheritdoc/>
    public bool Equals(DataPaths? other) => other is not null && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataPaths);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Aggregate(0, HashCode.Combine);

    /// <summary>Returns the paths for messages, with "and" between them.</summary>
    public override string ToString() => string.Join(" and ", All);

    /// <summary>Returns the last component of a path.</summary>
    internal static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    /// <summary>Converter to and from JSON.</summary>
    private sealed class DataPathsConverter : JsonConverter<DataPaths>
    {
        public override DataPaths Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return new DataPaths(reader.GetString()!);
            }

            List<string> paths = [];
            bool isArray = reader.TokenType == JsonTokenType.StartArray;
            while (isArray && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                paths.Add(reader.GetString()!);
            }

            return isArray && reader.TokenType == JsonTokenType.EndArray && paths.Count > 0
                ? new DataPaths(paths)
                : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, DataPaths value, JsonSerializerOptions options)
        {
            if (value.All is [var only])
            {
                writer.WriteStringValue(only);
                return;
            }

            writer.WriteStartArray();
            foreach (string path in value.All)
            {
                writer.WriteStringValue(path);
            }

            writer.WriteEndArray();
        }
    }
}
