using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>
/// The program with one node of its own, 52:54:00:00:00:01 at 127.0.0.2, and a matchbox data directory that also has a group for
/// everybody else.
/// </summary>
public sealed class MatchboxFixture : IAsyncLifetime
{
    internal const string Stranger = "127.0.9.9";

    internal TestDaemon Daemon { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node()), Mount);
        Client = Daemon.From(Stranger);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Daemon.DisposeAsync();
    }

    /// <summary>Copies the directory of the fixtures into the data root.</summary>
    internal static void Mount(Bsroot bsroot)
    {
        var source = Source();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(bsroot.Matchbox, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static string Source([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "Fixtures", "matchbox");
}
