using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Kubernetes as a system extension: an image that mksquashfs made, laid over /usr by the real systemd-sysext.</summary>
[Trait("Category", "Slow")]
public sealed class SysextTests : IAsyncDisposable
{
    /// <summary>
    /// As on a machine that has just started; systemd-sysext needs the two file systems, and mounts that are seen outside of it.
    /// </summary>
    private const string Start =
        "mount --make-rshared / && mount -t tmpfs run /run && mount -t proc proc /proc && mount -t sysfs sys /sys && ";

    private static readonly string Image =
        $"kubernetes-1.35.0-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}.raw";

    private readonly TemporaryDirectory _extension = new();
    private readonly NodeDisk _disk = new();
    private TestDaemon? _daemon;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (_daemon?.DisposeAsync() ?? ValueTask.CompletedTask);
        _disk.Dispose();
        _extension.Dispose();
    }

    [RackFact]
    public async Task The_image_is_fetched_once_and_lies_over_usr_at_every_start()
    {
        await InstallAsync();
        const string look =
            "/opt/bin/kubelet && /opt/bin/kubectl && /opt/cni/bin/bridge && readlink /etc/extensions/kubernetes.raw";
        var expected = $"kubelet\nkubectl\nbridge\n/opt/extensions/kubernetes/{Image}\n";
        Assert.Equal(expected, await RunAsync($"/bin/sh /opt/bootstrapper/fetch-sysext 2>/run/log && {look}"));

        await using var nobody = await NetworkNamespace.CreateAsync();
        Assert.Equal(
            expected,
            await RunAsync($"systemd-sysext merge 2>/run/log && /bin/sh /opt/bootstrapper/fetch-sysext && {look}", nobody));
    }

    [RackFact]
    public async Task An_image_that_is_not_the_one_meant_is_refused()
    {
        await InstallAsync();
        await File.AppendAllTextAsync(Path.Combine(_daemon!.Bsroot.Www, "static/kubernetes/1.35.0", Image), "more", Cancellation);
        Assert.Equal("refused\n", await RunAsync("/bin/sh /opt/bootstrapper/fetch-sysext >/dev/null 2>&1 || { [ ! -e "
            + "/etc/extensions/kubernetes.raw ] && echo refused; }"));
    }

    /// <summary>systemd reads the units of the installed machine, with those of this one around them.</summary>
    [RackFact]
    public async Task Systemd_finds_nothing_wrong_with_the_units()
    {
        await InstallAsync();
        foreach (var unit in new[] { "kubelet.service", "kubernetes-binaries.service",
            "bootstrapper-renew.timer", "etcd-join.service", "kubernetes-addons.service",
            "kubernetes-addons.timer", "kubernetes-addons.path" })
        {
            Assert.Equal("", await RunAsync($"mkdir -p /opt/bin && ln -sf /bin/true /opt/bin/kubelet && systemd-analyze "
                + $"verify --man=no --recursive-errors=no /etc/systemd/system/{unit} 2>&1"));
        }
    }

    private async Task InstallAsync()
    {
        var cluster = Sample.Cluster(Sample.Node() with { Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember });
        cluster = cluster with
        {
            Kubernetes = cluster.Kubernetes with
            {
                Install = KubernetesInstall.Sysext,
                ExtraArgs = cluster.Kubernetes.ExtraArgs.Append(new("kubelet", ["--x=%H", "--y=\"$a'\\"]))
                    .GroupBy(program => program.Key, StringComparer.Ordinal)
                    .ToDictionary(program => program.Key, program => program.Last().Value, StringComparer.Ordinal),
            },
        };
        _daemon = await TestDaemon.StartAsync(cluster, PutImage);
        using var node = _daemon.From($"{cluster.Nodes[0].Ip}");
        _disk.Apply(await node.GetStringAsync($"/ignition/{cluster.Nodes[0].Mac}", Cancellation));
    }

    private void PutImage(Bsroot bsroot)
    {
        Write("usr/lib/extension-release.d/extension-release.kubernetes", "ID=_any\n");
        foreach (var program in new[] { "usr/bin/kubelet", "usr/bin/kubectl", "usr/local/bin/cni/bridge" })
        {
            Write(program, $"#!/bin/sh\necho {Path.GetFileName(program)}\n");
        }

        var release = Directory.CreateDirectory(Path.Combine(bsroot.Www, "static/kubernetes/1.35.0")).FullName;
        OpenSsl.RunProgram(
            "mksquashfs", "/", _extension.Path, Path.Combine(release, Image), "-quiet", "-no-progress", "-all-root");
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(release, Image))));
        File.WriteAllText(
            Path.Combine(release, "SHA256SUMS"), $"{new string('0', 64)}  kubernetes-1.35.0-riscv64.raw\n{digest}  {Image}\n");
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_extension.Path, path))!);
        File.SetUnixFileMode(_extension.Write(path, content), (UnixFileMode)Convert.ToInt32("755", 8));
    }

    private Task<string> RunAsync(string command, NetworkNamespace? network = null) =>
        Tool.OutputOfAsync(_disk.Command(network, "/bin/sh", "-c", Start + command));
}
