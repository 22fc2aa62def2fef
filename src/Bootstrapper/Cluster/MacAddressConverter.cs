using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bootstrapper.Cluster;

internal sealed class MacAddressConverter : JsonConverter<MacAddress>
{
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MacAddress.TryParse(reader.GetString(), null, out var mac) ? mac : throw new JsonException("not a MAC address");

    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[MacAddress.TextLength];
        value.WriteTo(text);
        writer.WriteStringValue(text);
    }
}

internal sealed class AddressConverter : JsonConverter<IPAddress>
{
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("not an IP address");

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
