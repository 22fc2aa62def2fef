using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// <c>restart: kexec</c>: the kernel on the disk is loaded with what its boot loader would pass, and started once the
/// bootstrapper knows; whatever is not known for sure is left to the firmware. kexec, systemctl and the installer stand in.
/// </summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed partial class KexecTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Lines of Flatcar's (flatcar/scripts, build_library/grub.cfg), with what its build fills in.</summary>
    private const string Grub = "set linux_root=\"root=LABEL=ROOT\"\n"
        + "set linux_cmdline=\"rootflags=rw mount.usrflags=ro consoleblank=0 $linux_root $linux_console $first_boot "
        + "$randomize_disk_guid $extra_options $oem $linux_append\"\n"
        + "    set gptprio_cmdline=\"mount.usr=/dev/mapper/usr verity.usr=PARTUUID=$usr_uuid\"\n";

    private const string Passed = "BOOT_IMAGE=/flatcar/vmlinuz-a mount.usr=/dev/mapper/usr "
        + "verity.usr=PARTUUID=7130c94a-213a-4e5a-8e26-6cce9662f132 rootflags=rw mount.usrflags=ro consoleblank=0 "
        + "root=LABEL=ROOT console=ttyS0,115200n8 console=tty0";

    /// <summary>Where stand-ins find programs of this machine; what they stand in for may find none.</summary>
    private const string Path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly OperatingSystemSettings Os = new() { Version = "1.0.0", Restart = Restart.Kexec };

    private readonly TemporaryDirectory _root = new();

    public static TheoryData<string> Shells => [.. Installation.Shells.All];

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Flatcar_is_started_as_its_GRUB_would_start_it(string shell)
    {
        await PutFlatcarAsync(Grub);
        Put("flatcar/first_boot", "");
        await using var system = await InstallAsync(shell, "EFI-SYSTEM");

        Assert.Equal(
            [$"-s -l vmlinuz-a --command-line={Passed} flatcar.first_boot=detected verity.usrhash={Hash}"], Calls(system));
        Assert.Equal("state=installed&restart=kexec", system.Reports.Last());
        Assert.Equal("kexec", system.RestartedBy);
        Assert.Equal(await File.ReadAllBytesAsync(At("flatcar/vmlinuz-a"), Cancellation), await LoadedAsync(system));
    }

    /// <summary>As GRUB passes it where the file is not there: Ignition has run.</summary>
    [Fact]
    public async Task Without_the_mark_of_a_first_boot_none_is_passed()
    {
        await PutFlatcarAsync(Grub);
        await using var system = await InstallAsync(Installation.Shells.Dash, "EFI-SYSTEM");

        Assert.Equal([$"-s -l vmlinuz-a --command-line={Passed} verity.usrhash={Hash}"], Calls(system));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_system_with_one_boot_entry_is_started_by_it(string shell)
    {
        PutEntry("one", "title One\nlinux /boot/vmlinuz\ninitrd /boot/initrd\noptions root=LABEL=ROOT quiet\n");
        await using var system = await InstallAsync(shell, "ROOT");

        Assert.Equal(["-s -l vmlinuz --command-line=root=LABEL=ROOT quiet --initrd=initrd"], Calls(system));
        Assert.Equal("kexec", system.RestartedBy);
    }

    [Fact]
    public async Task What_the_running_kernel_does_not_load_by_itself_kexec_loads()
    {
        PutEntry("one", "linux /boot/vmlinuz\noptions quiet\n");
        await using var system = await InstallAsync(Installation.Shells.Dash, "ROOT", "[ \"$1\" != -s ]");

        Assert.Equal(
            ["-s -l vmlinuz --command-line=quiet", "-l vmlinuz --command-line=quiet"], Calls(system));
        Assert.Equal("kexec", system.RestartedBy);
    }

    [Theory]
    [InlineData("other GRUB", "its GRUB passes something that is not known here")]
    [InlineData("both systems", "its GRUB passes something that is not known here")]
    [InlineData("no hash", "its GRUB passes something that is not known here")]
    [InlineData("two entries", "it has several boot entries")]
    [InlineData("variable", "one.conf is not understood")]
    [InlineData("no kernel", "one.conf is not understood")]
    [InlineData("nothing", "it has neither the boot loader of Flatcar nor a boot entry")]
    [InlineData("locked down", "kexec: kexec_file_load failed: Operation not permitted")]
    public async Task What_is_not_known_for_sure_is_left_to_the_boot_loader(string what, string reason)
    {
        await LayOutAsync(what);
        await using var system = await InstallAsync(
            Installation.Shells.Dash,
            Directory.Exists(At("flatcar")) ? "EFI-SYSTEM" : "ROOT",
            what == "locked down" ? "echo 'kexec_file_load failed: Operation not permitted' >&2; false" : "true");

        AssertRebooted(system, reason);
    }

    [Fact]
    public async Task Additions_to_GRUB_are_left_to_it()
    {
        Put("grub.cfg", "set linux_append=\"quiet\"\n");
        await using var system = await InstallAsync(Installation.Shells.Dash, "OEM");

        AssertRebooted(system, "GRUB has additions on the partition OEM");
    }

    [Fact]
    public async Task A_live_system_without_kexec_reboots()
    {
        await PutFlatcarAsync(Grub);
        await using var system = await InstallAsync(Installation.Shells.WithoutCurl, "EFI-SYSTEM", kexec: null);

        AssertRebooted(system, "the live system has no kexec");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Where_kexec_does_not_come_about_the_machine_reboots_and_says_so(string shell)
    {
        await PutFlatcarAsync(Grub);
        await using var system = await InstallAsync(
            shell, "EFI-SYSTEM", "[ \"$1\" != -e ]", live => $"[ \"$1\" = reboot ] && echo reboot >{live.At("restarted")}");

        Assert.Equal("-e", Calls(system)[^1]);
        Assert.Equal(
            ["state=installed&restart=kexec", "state=installed&restart=reboot:+kexec+did+not+start+the+installed+system"],
            system.Reports.TakeLast(2));
        Assert.Equal("reboot", system.RestartedBy);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void AssertRebooted(LiveSystem system, string reason)
    {
        Assert.Equal($"state=installed&restart=reboot, not kexec: {reason}", system.Reports.Last().Replace('+', ' '));
        Assert.Equal("reboot", system.RestartedBy);
        Assert.DoesNotContain("-e", Calls(system));
    }

    private string At(string name) => System.IO.Path.Combine(_root.Path, name);

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        _root.Write(name, text);
    }

    private async Task LayOutAsync(string what)
    {
        switch (what)
        {
            case "other GRUB":
                await PutFlatcarAsync(Grub.Replace("consoleblank=0", "consoleblank=0 mine=1", StringComparison.Ordinal));
                break;
            case "both systems":
                await PutFlatcarAsync(Grub);
                Put("flatcar/vmlinuz-b", "another");
                break;
            case "no hash":
                await PutFlatcarAsync(Grub, new string('-', Hash.Length));
                break;
            case "two entries":
                PutEntry("one", "linux /boot/vmlinuz\n");
                PutEntry("two", "linux /boot/vmlinuz\n");
                break;
            case "variable":
                PutEntry("one", "linux /boot/vmlinuz\noptions root=LABEL=ROOT $ignition_firstboot\n");
                break;
            case "no kernel":
                PutEntry("one", "linux /boot/other\n");
                break;
            case "locked down":
                PutEntry("one", "linux /boot/vmlinuz\n");
                break;
        }
    }

    /// <summary>A kernel that has the hash where GRUB looks for it.</summary>
    private async Task PutFlatcarAsync(string grub, string hash = Hash)
    {
        Put("flatcar/vmlinuz-a", $"{new string('k', 64)}{hash}{new string('z', 1000)}");
        Put("flatcar/grub/grub.cfg", grub);
        await Tool.OutputOfAsync("tar", "-cf", At("flatcar/grub/grub.cfg.tar"), "-C", At("flatcar/grub"), "grub.cfg");
    }

    private void PutEntry(string name, string text)
    {
        Put("boot/vmlinuz", "a kernel");
        Put("boot/initrd", "its RAM disk");
        Put($"boot/loader/entries/{name}.conf", text);
    }

    /// <param name="kexec">How the stand-in ends, a command; <c>null</c> for none.</param>
    private async Task<LiveSystem> InstallAsync(
        string shell, string label, string? kexec = "true", Func<LiveSystem, string>? systemctl = null)
    {
        var system = await LiveSystem.BootAsync(shell);
        var image = system.At("image");
        await File.WriteAllBytesAsync(image, await DiskImage.MakeAsync(label, _root.Path), Cancellation);
        system.Install("flatcar-install", $"{Path}; dd if={image} of=\"$2\" bs=65536 conv=fsync 2>/dev/null");
        if (systemctl is not null)
        {
            system.Install("systemctl", systemctl(system));
        }

        if (kexec is not null)
        {
            var called = system.At("called");
            system.Install("kexec", $"""
                {Path}
                echo "$@" >>{called}
                for argument; do
                  case $argument in -*) ;; */vmlinuz*) cat "$argument" >{called}.kernel ;; esac
                done
                {kexec}
                """);
        }

        Assert.True(await system.InstallAsync(Os, system.Disk.Path, LiveSystem.Mac) == 0, system.Output);
        return system;
    }

    /// <summary>Of kexec, with names in place of the paths of where the disk was mounted.</summary>
    private static IReadOnlyList<string> Calls(LiveSystem system) => !File.Exists(system.At("called")) ? []
        : [.. File.ReadLines(system.At("called")).Select(line => Mounted().Replace(line, ""))];

    private static Task<byte[]> LoadedAsync(LiveSystem system) =>
        File.ReadAllBytesAsync(system.At("called.kernel"), Cancellation);

    [GeneratedRegex(@"/\S*/tmp\.\S*/boot/(flatcar|boot)/", RegexOptions.ExplicitCapture)]
    private static partial Regex Mounted();
}
