using System.Diagnostics;
using System.Net;
using Bootstrapper.Cluster;
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
            Put(file.Path, file.Content, file.Mode);
        }
    }

    /// <summary>
    /// Becomes what the daemon has the node be, which reports that it runs, and speaks from the node's address.
    /// </summary>
    /// <returns>Its Ignition config.</returns>
    public async Task<string> InstallAsync(TestDaemon daemon, Node node)
    {
        using var client = daemon.From($"{node.Ip}");
        var config = await client.GetStringAsync($"/ignition/{node.Mac}", TestContext.Current.CancellationToken);
        Apply(config);
        Put("/root/.curlrc", $"interface = {node.Ip}\n");
        using var report = await client.PostAsync(
            $"/api/v1/report/{node.Mac}",
            new StringContent("state=running", null, "application/x-www-form-urlencoded"),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        return config;
    }

    /// <summary>What stands in for a program, in the language of <c>sh</c>.</summary>
    public void PutProgram(string path, string script) => Put(path, $"#!/bin/sh\n{script}\n", mode: "755");

    private void Put(string path, string content, string mode = "644")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
        File.SetUnixFileMode(At(path), (UnixFileMode)Convert.ToInt32(mode, 8));
    }

    /// <param name="network">Whose network the program is on; this machine's when <c>null</c>.</param>
    public ProcessStartInfo Command(NetworkNamespace? network, params IEnumerable<string> command)
    {
        string[] entering = ["--mount", "sh", "-c", Enter, _directory.Path, .. command];
        return network?.Command("unshare", entering) ?? new ProcessStartInfo("unshare", entering);
    }

    public void Dispose() => _directory.Dispose();
}
