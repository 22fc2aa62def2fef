using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bootstrapper.Images;

/// <summary>Which boot loaders we put into <c>tftpboot/</c>, and of which version: <c>tftpboot/boot-loaders.json</c>.</summary>
internal sealed class BootLoaderRecord
{
    /// <summary>People read it too: the plus in a version stays one.</summary>
    private static readonly JsonSerializerOptions Readable =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, RecordedLoader> _loaders = new(StringComparer.Ordinal);

    private static string PathIn(Bsroot bsroot) => Path.Combine(bsroot.TftpRoot, "boot-loaders.json");

    /// <summary>
    /// A record that is missing or was spoilt is empty: then every loader is taken for the operator's, and none is overwritten.
    /// </summary>
    public static BootLoaderRecord Read(Bsroot bsroot)
    {
        var record = new BootLoaderRecord();
        foreach (var loader in Load(PathIn(bsroot)))
        {
            record.Set(loader);
        }

        return record;
    }

    public RecordedLoader? Find(string name) => _loaders.GetValueOrDefault(name);

    public void Set(RecordedLoader loader) => _loaders[loader.Name] = loader;

    public void Forget(string name) => _loaders.Remove(name);

    public void Write(Bsroot bsroot) => Bsroot.Write(PathIn(bsroot), JsonSerializer.Serialize(_loaders.Values, Readable) + "\n");

    private static IReadOnlyList<RecordedLoader> Load(string file)
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<IReadOnlyList<RecordedLoader>>(File.ReadAllText(file), Readable) ?? []
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <param name="Version">Of Debian's package.</param>
/// <param name="Sha256">Of the file as we wrote it, in hexadecimal.</param>
internal sealed record RecordedLoader(string Name, string Package, string Version, string Sha256);
