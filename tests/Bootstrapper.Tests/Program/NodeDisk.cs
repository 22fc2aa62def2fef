using System.Diagnostics;
using Bootstrapper.Tests.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// An installed node's disk: this machine's programs, and over them only what the node's config says. What runs there sees its
/// own files at their own paths (overlayfs, in a mount namespace that goes with the program).
/// </summary>
internal sealed class NodeDisk : IDisposable
{
    private const string Enter =
        """
        mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root" &&
            mount --rbind /dev "$0/root/dev" && exec chroot "$0/root" "$@"
        """;

    private readonly TemporaryDirectory _directory = new();

    public NodeDisk()
    {
        foreach (var part in new[] { "upper", "work", "root" })
        {
            Directory.CreateDirectory(Path.Combine(_directory.Path, part));
        }
    }

    /// <summary>Where a file of the node is on this machine.</summary>
    public string At(string path) => Path.Combine(_directory.Path, "upper", path.TrimStart('/'));

    /// <summary>Writes the files of an Ignition config, over what is there.</summary>
    public void Apply(string ignition)
    {
        foreach (var file in RenderedFiles.OfIgnition(ignition))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file.Path))!);
            File.WriteAllText(At(file.Path), file.Content);
            File.SetUnixFileMode(At(file.Path), (UnixFileMode)Convert.ToInt32(file.Mode, 8));
        }
    }

    /// <param name="network">Whose network the program is on; this machine's when <c>null</c>.</param>
    public ProcessStartInfo Command(NetworkNamespace? network, params IEnumerable<string> command)
    {
        string[] entering = ["--mount", "sh", "-c", Enter, _directory.Path, .. command];
        return network?.Command("unshare", entering) ?? new ProcessStartInfo("unshare", entering);
    }

    public void Dispose() => _directory.Dispose();
}
