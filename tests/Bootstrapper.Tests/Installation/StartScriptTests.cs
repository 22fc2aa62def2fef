using System.Globalization;
using Bootstrapper.Tests.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>Which boot entry of its firmware start.sh takes for a disk's, and what it tells the firmware.</summary>
public sealed class StartScriptTests : IDisposable
{
    private const string OfFirmware = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const uint Active = 1, Hidden = 8, Program = 0x100;

    private static readonly byte[]
        Root = Node(2, 1, [0xd0, 0x41, 0x03, 0x0a, 0, 0, 0, 0]),
        Card = Node(3, 11, new byte[33]),
        Nvme = Node(3, 23, new byte[12]),
        Usb = Node(3, 5, [1, 0]),
        OfFirmwareItself = Node(4, 7, new byte[16]),
        End = Node(0x7f, 0xff, []);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("sh")]
    [InlineData("busybox", "sh")]
    public async Task The_first_disk_in_the_boot_order_is_started_next(params string[] shell)
    {
        Put("BootOrder", [3, 0, 1, 0, 9, 0, 7, 0, 8, 0, 6, 0, 0x2a, 0, 5, 0]);
        Entry(3, Active, Root, Pci(4), Card);
        Entry(1, Active | Program, Root, Pci(4), OfFirmwareItself);
        Entry(9, Active, Root, Pci(4), Usb);
        Entry(7, Active, Partition("11111111-2222-3333-4455-66778899aabb")); // of a disk that is gone
        Entry(8, Active | Hidden, Root, Pci(4), Nvme);
        Entry(6, Active, Root, Pci(6));
        Entry(0x2a, Active, Root, Pci(4), Nvme);
        Entry(5, Active, Root, Pci(4));
        Disk("nvme0n1", 4, "NEW");
        Disk("vda", 6, "BLANK", isBootable: false);

        Assert.Contains("restarting from the disk (Boot002A)", await RunAsync(shell), StringComparison.Ordinal);
        Assert.Equal([7, 0, 0, 0, 0x2a, 0], await File.ReadAllBytesAsync(At("BootNext"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_partition_that_is_there_is_taken_by_its_UUID_and_a_disk_by_its_controller()
    {
        const string Uuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
        Put("BootOrder", [4, 0x12, 1, 0]);
        Entry(0x1204, Active, Partition(Uuid));
        Entry(1, Active, Root, Pci(4));
        Disk("sda", 4, "NEW");
        Assert.Contains("(Boot0001)", await RunAsync(["sh"]), StringComparison.Ordinal);
        Disk("sda", 4, "NEW", partition: Uuid);
        Assert.Contains("(Boot1204)", await RunAsync(["sh"]), StringComparison.Ordinal);
        Assert.Equal([7, 0, 0, 0, 4, 0x12], await File.ReadAllBytesAsync(At("BootNext"), TestContext.Current.CancellationToken));
    }

    /// <summary>An earlier system's entry is before it, as a rule.</summary>
    [Theory]
    [InlineData("sh")]
    [InlineData("busybox", "sh")]
    public async Task Of_several_disks_the_one_that_was_installed_is_started(params string[] shell)
    {
        Put("BootOrder", [1, 0, 2, 0]);
        Entry(1, Active, Root, Pci(4));
        Entry(2, Active, Root, Pci(5));
        Disk("vda", 4, "OLD");
        Disk("vdb", 5, "NEW  ONE ");
        Assert.Contains("(Boot0001)", await RunAsync(shell), StringComparison.Ordinal);
        Assert.Contains("(Boot0002)", await RunAsync(shell, "'NEW ONE'"), StringComparison.Ordinal);
        Assert.Contains("was installed, GONE, is not there", await RunAsync(shell, "GONE"), StringComparison.Ordinal);
    }

    /// <summary>So partitions have the same UUIDs, and the link by UUID leads to one of them.</summary>
    [Theory]
    [InlineData("sh")]
    [InlineData("busybox", "sh")]
    public async Task Of_disks_that_were_written_from_one_image_the_way_tells_which_was_installed(params string[] shell)
    {
        const string Uuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
        Put("BootOrder", [3, 0, 1, 0, 2, 0]);
        Entry(3, Active, Partition(Uuid));
        Entry(1, Active, Root, Pci(4), Partition(Uuid));
        Entry(2, Active, Root, Pci(5), Partition(Uuid));
        Disk("sda", 4, "OLD", partition: Uuid);
        Disk("sdb", 5, "NEW", partition: Uuid);
        Assert.Contains("(Boot0001)", await RunAsync(shell, "OLD"), StringComparison.Ordinal);
        Assert.Contains("(Boot0002)", await RunAsync(shell, "NEW"), StringComparison.Ordinal);
        Assert.Contains("(Boot0003)", await RunAsync(shell), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_an_entry_may_lead_to_an_older_system_none_is_taken()
    {
        Put("BootOrder", [1, 0]);
        Entry(1, Active, Root, Pci(4));
        Disk("sda", 4, "OLD");
        Disk("sdb", 4, "NEW");
        Assert.Contains("no boot entry of sdb that can start", await RunAsync(["sh"], "NEW"), StringComparison.Ordinal);
        Assert.False(File.Exists(At("BootNext")));
    }

    /// <summary>Behind some controllers, and with NVMe by several paths.</summary>
    [Fact]
    public async Task The_only_disk_that_can_start_is_taken_where_firmware_reaches_it_otherwise_than_the_kernel()
    {
        Put("BootOrder", [1, 0]);
        Entry(1, Active, Root, Pci(9));
        Disk("sda", 4, "NEW");
        Assert.Contains("(Boot0001)", await RunAsync(["sh"], "NEW"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task Without_such_an_entry_or_anything_to_start_it_stays_and_says_so(int card, bool isBootable)
    {
        Put("BootOrder", [3, 0, 4, 0]);
        Entry(3, Active, Root, Pci(3), Card);
        Entry(4, card == 3 ? 0 : Active, Root, Pci(4));
        Disk("vda", 4, "NEW", isBootable);
        Assert.Contains("its firmware has no boot entry of a disk", await RunAsync(["sh"]), StringComparison.Ordinal);
        Assert.False(File.Exists(At("BootNext")));
    }

    [Theory]
    [InlineData("say 'it runs'\n# end of the order\n", 0, "bootstrapper: it runs")]
    [InlineData("say 'it runs'\nsay 'what was meant to be more", 0, "(200, but it is cut off")]
    [InlineData("say 'it runs'\n# end of the order\n", 18, "(no answer)")]
    [InlineData("", 0, "(200, but it is cut off")]
    public async Task An_order_is_followed_when_it_is_whole(string order, int status, string said)
    {
        var output = await RunLoopAsync($"cat {_directory.Write("answer", order)} >\"$work/order\"; printf 200; return {status}");
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal(said == "bootstrapper: it runs", output.Contains("bootstrapper: it runs", StringComparison.Ordinal));
    }

    /// <summary>Who is told that there is nothing for it goes to its disk; the others ask again, less and less often.</summary>
    [Fact]
    public async Task An_answer_that_is_no_order_sends_nobody_to_the_disk()
    {
        var output = await RunLoopAsync("printf '# refused\n' >\"$work/order\"; printf 403");
        Assert.Contains("(403): # refused", output, StringComparison.Ordinal);
        Assert.Contains("sleeps 5\n", output, StringComparison.Ordinal);
        Assert.Contains("sleeps 60\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("boot entry", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho is-run\n", "is-run")]
    [InlineData("#cloud-config\necho is-run\n", "bootstrapper: config is no script")]
    public async Task What_is_no_script_is_not_run(string content, string said)
    {
        var head = Head();
        var path = _directory.Write("script", content);
        var script = _directory.Write("start.sh", $"{head}\ncurl() {{ cp {path} \"$work/script\"; }}\nrun config\n");
        Assert.EndsWith(said, (await RealProgram.RunAsync("sh", [script])).Trim(), StringComparison.Ordinal);
    }

    /// <param name="ask">In place of its question.</param>
    private async Task<string> RunLoopAsync(string ask)
    {
        var loop = Script[Script.IndexOf("\n# Of an order that was cut off", StringComparison.Ordinal)..];
        return await RealProgram.RunAsync("sh", [_directory.Write("loop.sh", $$"""
            {{Head()}}
            ask() { {{ask}}; }
            mac=52:54:00:00:00:01
            sleep() { echo "sleeps $1"; naps=$((${naps:-0} + 1)); if [ "$naps" = 6 ]; then exit 0; fi; }
            {{loop}}
            """)]);
    }

    private async Task<string> RunAsync(string[] shell, string disk = "") =>
        await RealProgram.RunAsync(shell[0], [.. shell.Skip(1), _directory.Write("start.sh", $$"""
            {{Head()}}
            lsblk() { cat "$blocks/${3##*/}/$2"; }
            blocks={{_directory.Path}}/blocks
            boot_disk 0 {{disk}}
            """)]);

    private static string Script => ScenarioTests.Load("example").StartScript();

    private string Head() => Script[..Script.IndexOf("\ntold=\n", StringComparison.Ordinal)]
        .Replace("/sys/firmware/efi/efivars", _directory.Path, StringComparison.Ordinal)
        .Replace("/sys/block", $"{_directory.Path}/blocks", StringComparison.Ordinal)
        .Replace("systemctl reboot 2>/dev/null || reboot -f", "echo restarts", StringComparison.Ordinal);

    private void Disk(string name, int slot, string serial, bool isBootable = true, string partition = "")
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"pci0000:00/0000:00:{slot:x2}.0/block/{name}");
        Directory.CreateDirectory(Path.Combine(_directory.Path, place, "device"));
        _directory.Write($"{place}/size", "2048\n");
        _directory.Write($"{place}/device/serial", $"{serial}\n");
        _directory.Write($"{place}/PARTTYPE", isBootable ? "\nC12A7328-F81F-11D2-BA4B-00A0C93EC93B\n" : "\n");
        _directory.Write($"{place}/PARTUUID", $"\n{partition}\n");
        var block = Path.Combine(_directory.Path, "blocks", name);
        Directory.CreateDirectory(Path.GetDirectoryName(block)!);
        if (!Path.Exists(block))
        {
            Directory.CreateSymbolicLink(block, Path.Combine(_directory.Path, place));
        }
    }

    private void Entry(int number, uint attributes, params byte[][] nodes)
    {
        byte[] path = [.. nodes.SelectMany(node => node), .. End];
        Put(
            string.Create(CultureInfo.InvariantCulture, $"Boot{number:X4}"),
            [
                .. BitConverter.GetBytes(attributes), .. BitConverter.GetBytes((ushort)path.Length),
                .. "disk ſ"u8.ToArray().SelectMany(letter => new byte[] { letter, 0 }), 0, 0, .. path, 1, 2, 3,
            ]);
    }

    private void Put(string variable, byte[] value) => File.WriteAllBytes(At(variable), [7, 0, 0, 0, .. value]);

    private string At(string variable) => Path.Combine(_directory.Path, $"{variable}-{OfFirmware}");

    private static byte[] Partition(string uuid) => Node(4, 1, [.. new byte[20], .. new Guid(uuid).ToByteArray(), 2, 2]);

    private static byte[] Pci(byte slot) => Node(1, 1, [0, slot]);

    private static byte[] Node(byte type, byte subtype, byte[] content) =>
        [type, subtype, (byte)(content.Length + 4), 0, .. content];
}
