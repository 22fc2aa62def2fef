using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// Which configuration containerd is started with: version 2 is for containerd 1, version 3 for those that came later.
/// <c>tests/kubernetes</c> has both read by the programs that they are for.
/// </summary>
public sealed class ContainerdConfigTests : IDisposable
{
    private const string Directory = "/etc/containerd", First = $"{Directory}/config.toml", Third = $"{Directory}/config-3.toml",
        FirstTemplate = "kubernetes/containerd.toml.template", ThirdTemplate = "kubernetes/containerd-3.toml.template";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("containerd github.com/containerd/containerd 1.7.24~ds1 1.7.24~ds1-6+deb13u1", "config.toml")]
    [InlineData("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3", "config.toml")]
    [InlineData("containerd containerd.io v1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da", "config.toml")]
    [InlineData("containerd github.com/containerd/containerd/v2 2.1.9+unknown ", "config-3.toml")]
    [InlineData("containerd github.com/containerd/containerd/v2 v2.0.4 1a43cb6a1035441f9aca", "config-3.toml")]
    [InlineData("containerd github.com/containerd/containerd/v2 v3.0.0 1a43cb6a1035441f9aca", "config-3.toml")]
    public async Task Each_containerd_is_started_with_the_one_of_its_version(string version, string config)
    {
        _directory.Write("config-3.toml", "");
        Assert.Equal(config, await StartedWithAsync(version));
    }

    [Fact]
    public async Task Where_there_is_one_alone_it_is_for_all() =>
        Assert.Equal("config.toml", await StartedWithAsync("containerd github.com/containerd/containerd/v2 2.1.9+unknown "));

    [Fact]
    public void An_operators_own_stands_for_both_unless_there_are_two()
    {
        Assert.Equal([Third, First], Configs());
        Assert.Equal([First], Configs(FirstTemplate));
        Assert.Equal([Third, First], Configs(ThirdTemplate));
        Assert.Equal([Third, First], Configs(FirstTemplate, ThirdTemplate));
    }

    /// <summary>The unit's own command, with a stand-in for containerd that tells what it was started with.</summary>
    private async Task<string> StartedWithAsync(string version)
    {
        _directory.Write(
            "containerd", $"#!/bin/sh\n[ \"$1\" = --version ] && echo '{version}' || echo \"${{2##*/}}\"\n");
        File.SetUnixFileMode(Path.Combine(_directory.Path, "containerd"), (UnixFileMode)0x1ed);
        var command = Files().Single(file => file.Path == "/etc/systemd/system/containerd.service.d/10-bootstrapper.conf")
            .Content.Split('\n').Last(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..]
            .Replace(Directory, _directory.Path, StringComparison.Ordinal);
        return (await RealProgram.RunAsync("sh", ["-c", $"PATH='{_directory.Path}':$PATH; {command}"])).Trim();
    }

    private IEnumerable<string> Configs(params string[] own) => Files(own).Select(file => file.Path)
        .Where(path => path.StartsWith($"{Directory}/config", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private IReadOnlyList<RenderedText> Files(params string[] own)
    {
        var node = Sample.Node();
        var templates = TemplateSet.Of(own.Select(name => new TemplateFile(name, "version = 2\n")));
        var snapshot = new Snapshot(Sample.Cluster(node), new Bsroot(_directory.Path), templates);
        return RenderedFiles.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen));
    }
}
