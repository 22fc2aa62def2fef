using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Images;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// The installer of the live system for machines with Secure Boot, as install.sh runs it: real gpgv, real disks.
/// </summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class FlatcarInstallTests(SigningKeyFixture keys) : IAsyncLifetime, IClassFixture<SigningKeyFixture>
{
    private const string Release = $"/stable/{StandInRelease.Version}", Image = $"{Release}/flatcar_production_image.bin.bz2";

    private byte[] _packed = [];

    public async ValueTask InitializeAsync() => _packed = await PackAsync(await DiskImage.MakeAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The release by its own number, and the key in either form.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_keys_owner_signed_is_on_the_disk_with_the_nodes_config(bool isArmoured)
    {
        await using var system = await ServeAsync(_packed, keys.Vendor);
        if (!isArmoured)
        {
            system.Server.Answers("/signing-keys/vendor.asc", Answer.Ok(await DearmourAsync(keys.Vendor.Public)));
        }

        Assert.True(await InstallAsync(system) == 0, system.Output);
        Assert.StartsWith(DiskImage.System, await system.Disk.DebugAsync("cat /system"), StringComparison.Ordinal);
        Assert.StartsWith("{\"the\": \"config\"}", await system.Disk.DebugAsync("cat /config.ign"), StringComparison.Ordinal);
        Assert.Contains("Mode:  0600", await system.Disk.DebugAsync("stat /config.ign"), StringComparison.Ordinal);
        Assert.True(system.HasRestarted);
    }

    [Theory]
    [InlineData("another key", "is not what the key's owner signed")]
    [InlineData("another image", "is not what the key's owner signed")]
    [InlineData("cut", "was cut short")]
    [InlineData("damaged signature", "is not what the key's owner signed")]
    [InlineData("no signature", "cannot fetch")]
    [InlineData("no key", "is empty, or damaged")]
    public async Task Nothing_that_nobody_vouches_for_stays_on_a_disk(string lie, string said)
    {
        await using var system = await ServeAsync(_packed, lie == "another key" ? keys.Stranger : keys.Vendor);
        var other = lie == "another image" ? await PackAsync(await DiskImage.MakeAsync("ROOT")) : _packed;
        system.Server.Answers(Image, Answer.Ok(other) with { Body = lie == "cut" ? other[..^100] : other });
        if (lie == "damaged signature")
        {
            system.Server.Answers($"{Image}.sig", Answer.Ok("not a signature"));
        }

        if (lie.StartsWith("no ", StringComparison.Ordinal))
        {
            system.Server.Answers(
                lie == "no key" ? "/signing-keys/vendor.asc" : $"{Image}.sig",
                lie == "no key" ? Answer.Ok("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!!!\n") : Answer.Error(404));
        }

        Assert.NotEqual(0, await InstallAsync(system));
        Assert.Contains(said, system.Output, StringComparison.Ordinal);
        Assert.False(system.HasRestarted);
        Assert.All((await system.Disk.ReadAsync())[..(1 << 20)], written => Assert.Equal(0, written));
    }

    private static async Task<int> InstallAsync(LiveSystem system) => await system.InstallAsync(
        new OperatingSystemSettings { InstallMethod = InstallMethod.FlatcarInstall, SigningKey = "vendor.asc" },
        system.Disk.Path,
        LiveSystem.Mac);

    private async Task<LiveSystem> ServeAsync(byte[] image, SigningKey signer)
    {
        var system = await LiveSystem.BootAsync(Shells.Busybox);
        system.Install("flatcar-install", $"exec busybox sh {Installer()} \"$@\"");
        system.Install("udevadm", ":");
        system.Server.Answers("/stable/current/version.txt", Answer.Ok($"FLATCAR_VERSION={StandInRelease.Version}\n"));
        system.Server.Answers(Image, Answer.Ok(image));
        system.Server.Answers($"{Image}.sig", Answer.Ok(signer.Sign(image)));
        system.Server.Answers("/signing-keys/vendor.asc", Answer.Ok(keys.Vendor.Public));
        return system;
    }

    private static async Task<byte[]> PackAsync(byte[] image)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "image");
        await File.WriteAllBytesAsync(file, image);
        await Tool.OutputOfAsync("busybox", "bzip2", file);
        return await File.ReadAllBytesAsync($"{file}.bz2");
    }

    private static async Task<byte[]> DearmourAsync(string key)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("key", key);
        await Tool.OutputOfAsync(new ProcessStartInfo("gpg", ["--output", $"{file}.gpg", "--dearmor", file]));
        return await File.ReadAllBytesAsync($"{file}.gpg");
    }

    private static string Installer([CallerFilePath] string file = "") =>
        Path.GetFullPath("../../../docker/live-system/usr/bin/flatcar-install", Path.GetDirectoryName(file)!);
}
