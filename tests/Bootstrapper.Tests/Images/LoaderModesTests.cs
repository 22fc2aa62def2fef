using Bootstrapper.Images;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

public sealed class LoaderModesTests
{
    [Fact]
    public void They_are_looked_at_once_in_a_while()
    {
        using var root = new TemporaryDirectory();
        var (bsroot, clock) = (new Bsroot(root.Path), new ManualClock(DateTimeOffset.UnixEpoch));
        var modes = new LoaderModes(bsroot, clock);
        Bsroot.Write(Path.Combine(bsroot.TftpRoot, "loader"), "by hand");
        File.SetUnixFileMode(Path.Combine(bsroot.TftpRoot, "loader"), UnixFileMode.UserRead);
        Assert.Single(modes.Unreadable);

        File.SetUnixFileMode(Path.Combine(bsroot.TftpRoot, "loader"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Single(modes.Unreadable);
        clock.Advance(LoaderModes.Span);
        Assert.Empty(modes.Unreadable);
    }
}
