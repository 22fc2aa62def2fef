using System.Text;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Engine;

namespace Bootstrapper.Matchbox;

/// <summary>Where a value stands in the text of a file, which a deserializer forgets.</summary>
internal static class JsonPlace
{
    /// <param name="json">An object, as a deserializer has read it.</param>
    /// <param name="path">Keys, from the outermost on, in any case.</param>
    /// <returns>Of the last of them that is there; the beginning where none is.</returns>
    public static Position Of(string json, params ReadOnlySpan<string> path)
    {
        var octets = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(octets);
        reader.Read();
        var start = reader.TokenStartIndex;
        foreach (var key in path)
        {
            if (!Enters(ref reader, key))
            {
                break;
            }

            start = reader.TokenStartIndex;
        }

        return SourceText.PositionAt(json, Encoding.UTF8.GetCharCount(octets, 0, (int)start));
    }

    /// <returns>Whether the reader stands at the value of that key now.</returns>
    private static bool Enters(ref Utf8JsonReader reader, string key)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = string.Equals(reader.GetString(), key, StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isKey)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
