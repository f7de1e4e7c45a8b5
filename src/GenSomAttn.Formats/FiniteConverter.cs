using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenSomAttn.Formats;

/// <summary>Converter of finite doubles. The library reads 1e400 as infinity, which it cannot write.</summary>
internal sealed class FiniteConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        double value = reader.GetDouble();
        return double.IsFinite(value) ? value : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
