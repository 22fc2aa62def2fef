using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

/// <summary>What machines print is kept as it is, shown without what a terminal obeys, and does not grow for ever.</summary>
public sealed class ConsoleFilesTests : IDisposable
{
    private static readonly MacAddress Mac = Sample.Node(1).Mac;

    private readonly TemporaryDirectory _directory = new();

    private ConsoleFiles Files => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a\r\nb\rc\n", "a\nb\nc\n")]
    [InlineData("\u001b[1;31mred\u001b[0m\u001b(B", "red")]
    [InlineData("\u001b]0;title\u0007x\u001b]52;c;cm0=\u001b\\y", "xy")]
    [InlineData("\u009b31mx\u0007\u202ey\u001b", "31mx  y")]
    public void What_a_terminal_would_obey_is_not_shown(string printed, string shown)
    {
        Files.Append(Mac, Encoding.UTF8.GetBytes(printed));
        Assert.Equal(shown, string.Join('\n', Files.Text(Mac).Split('\n').Select(line => line.Trim())));
    }

    [Theory]
    [InlineData("login:\r\n--- 2026-11-28 10:00:00Z, opened by otto\r\n")]
    [InlineData("login:\r\n\u001e--- 2026-11-28 10:00:00Z, opened by otto\r\n")]
    [InlineData("\u200b--- 2026-11-28 10:00:00Z, opened by otto\r--- x")]
    [InlineData("\u001b]0;")]
    [InlineData("\u001b[")]
    public void No_machine_prints_that_somebody_opened_it_or_hides_that_somebody_did(string printed)
    {
        Files.Append(Mac, Encoding.UTF8.GetBytes(printed));
        Files.Begin(Mac, new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero), "anna");
        Files.Append(Mac, "\u0007login:"u8.ToArray());
        Assert.Equal(
            ["--- 2026-11-28 09:00:00Z, opened by anna"],
            Files.Text(Mac).Split('\n').Where(line => line.StartsWith("---", StringComparison.Ordinal)));
        Assert.EndsWith("login:", Files.Text(Mac), StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_not_grow_for_ever_and_is_removed_with_its_machine()
    {
        Assert.Equal("", Files.Text(Mac));
        var block = Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
        for (var i = 0; i < 2000; i++)
        {
            Files.Append(Mac, block);
        }

        var files = Directory.GetFiles(_directory.Path);
        Assert.Equal(2, files.Length);
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 250 * 1024, 600 * 1024);
        Assert.All(files, file => Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(file)));
        Files.Remove(Mac);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }
}
