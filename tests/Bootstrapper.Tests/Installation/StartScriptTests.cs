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
        Pci = Node(1, 1, [0, 4]),
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
        Put("BootOrder", [3, 0, 1, 0, 9, 0, 7, 0, 8, 0, 0x2a, 0, 5, 0]);
        Entry(3, Active, Root, Pci, Card);
        Entry(1, Active | Program, Root, Pci, OfFirmwareItself);
        Entry(9, Active, Root, Pci, Usb);
        Entry(7, Active, Partition("11111111-2222-3333-4455-66778899aabb")); // of a disk that is gone
        Entry(8, Active | Hidden, Root, Pci, Nvme);
        Entry(0x2a, Active, Root, Pci, Nvme);
        Entry(5, Active, Root, Pci);

        Assert.Contains("restarting from the disk (Boot002A)", await RunAsync(shell), StringComparison.Ordinal);
        Assert.Equal([7, 0, 0, 0, 0x2a, 0], await File.ReadAllBytesAsync(At("BootNext"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_partition_that_is_there_is_taken_by_its_UUID_and_a_disk_by_its_controller()
    {
        Put("BootOrder", [4, 0x12, 1, 0]);
        Entry(0x1204, Active, Partition("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"));
        Entry(1, Active, Root, Pci);
        Assert.Contains("(Boot0001)", await RunAsync(["sh"]), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "partitions"));
        _directory.Write("partitions/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "");
        Assert.Contains("(Boot1204)", await RunAsync(["sh"]), StringComparison.Ordinal);
        Assert.Equal([7, 0, 0, 0, 4, 0x12], await File.ReadAllBytesAsync(At("BootNext"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_such_an_entry_it_stays_and_says_so()
    {
        Put("BootOrder", [3, 0, 4, 0]);
        Entry(3, Active, Root, Pci, Card);
        Assert.Contains("its firmware has no boot entry of a disk", await RunAsync(["sh"]), StringComparison.Ordinal);
        Assert.False(File.Exists(At("BootNext")));
    }

    private async Task<string> RunAsync(string[] shell)
    {
        var script = ScenarioTests.Load("example").StartScript();
        var head = script[..script.IndexOf("\ntold=\n", StringComparison.Ordinal)]
            .Replace("/sys/firmware/efi/efivars", _directory.Path, StringComparison.Ordinal)
            .Replace("/dev/disk/by-partuuid", $"{_directory.Path}/partitions", StringComparison.Ordinal)
            .Replace("systemctl reboot 2>/dev/null || reboot -f", "echo restarts", StringComparison.Ordinal);
        return await RealProgram.RunAsync(shell[0], [.. shell.Skip(1), _directory.Write("start.sh", $"{head}\nboot_disk\n")]);
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

    private static byte[] Node(byte type, byte subtype, byte[] content) =>
        [type, subtype, (byte)(content.Length + 4), 0, .. content];
}
