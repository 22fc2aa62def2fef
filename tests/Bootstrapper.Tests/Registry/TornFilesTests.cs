using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>A registry's storage as SIGKILL leaves it, in distribution's layout; the real one is killed in ImagesTests.</summary>
public sealed class TornFilesTests : IDisposable
{
    private const string Tag = "repositories/image/_manifests/tags/1";

    private readonly TemporaryDirectory _storage = new();
    private readonly RecordingLoggers _loggers = new();

    public void Dispose()
    {
        _storage.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public void What_is_empty_or_ends_in_the_middle_is_taken_away_and_told()
    {
        var empty = BlobOf("a manifest", "");
        var cut = BlobOf(new string('m', 5000), new string('m', 4096));
        var link = Write("repositories/image/_layers/sha256/aa/link", "");

        Remove();

        Assert.All([empty, cut, link], file => Assert.False(File.Exists(file)));
        Assert.Equal(3, _loggers.Entries.Count(entry => entry.Message.Contains("is removed", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_whole_stays()
    {
        string[] whole =
        [
            BlobOf("a manifest", "a manifest"),
            BlobOf(new string('m', 4096), new string('m', 4096)),
            BlobOf("", ""),
            Write("repositories/image/_layers/sha256/aa/link", Digest("x")),
            Write($"{Tag}/current/link", Digest("x")),
        ];

        Remove();

        Assert.All(whole, file => Assert.True(File.Exists(file)));
        Assert.Empty(_loggers.Entries);
    }

    [Fact]
    public void A_tag_that_was_being_moved_leads_to_the_newest_image_that_it_was_given()
    {
        var current = Write($"{Tag}/current/link", "");
        var before = Write($"{Tag}/index/sha256/{Hex("before")}/link", Digest("before"));
        var after = Write($"{Tag}/index/sha256/{Hex("after")}/link", Digest("after"));
        File.SetLastWriteTimeUtc(before, File.GetLastWriteTimeUtc(after).AddMinutes(-1));

        Remove();

        Assert.Equal(Digest("after"), File.ReadAllText(current));
    }

    [Fact]
    public void A_tag_that_was_never_noted_is_none()
    {
        var current = Write($"{Tag}/current/link", "");
        Write($"{Tag}/index/sha256/{Hex("first")}/link", "");

        Remove();

        Assert.False(File.Exists(current));
    }

    [Fact]
    public void A_registry_that_never_ran_has_none() => Remove();

    private void Remove() => new TornFiles(_storage.Path, _loggers.CreateLogger("registry")).Remove();

    private string BlobOf(string whole, string written) => Write($"blobs/sha256/{Hex(whole)[..2]}/{Hex(whole)}/data", written);

    private string Write(string path, string content)
    {
        var file = Path.Combine(_storage.Path, "docker", "registry", "v2", path);
        Bsroot.Write(file, content);
        return file;
    }

    private static string Digest(string content) => $"sha256:{Hex(content)}";

    private static string Hex(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
