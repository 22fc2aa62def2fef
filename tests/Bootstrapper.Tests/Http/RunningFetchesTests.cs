using System.Net;
using Bootstrapper.Http;

namespace Bootstrapper.Tests.Http;

public sealed class RunningFetchesTests
{
    private static readonly IPAddress Machine = IPAddress.Parse("10.77.0.30"), Other = IPAddress.Parse("10.77.0.31");

    [Fact]
    public void Each_ends_by_itself_and_two_of_one_file_are_two()
    {
        var running = new RunningFetches();
        var first = running.Begin(Machine, "/kernel");
        using var second = running.Begin(Machine, "/kernel");
        var other = running.Begin(Other, "/initrd");
        Assert.Equal(["/kernel", "/kernel"], running.To(Machine));
        Assert.Equal(["/initrd"], running.To(IPAddress.Parse("10.77.0.31")));

        first.Dispose();
        first.Dispose();
        other.Dispose();
        Assert.Equal(["/kernel"], running.To(Machine));
        Assert.Empty(running.To(Other));
    }
}
