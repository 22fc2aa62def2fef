using System.Net.Sockets;
using System.Text;
using Bootstrapper.Cli;

namespace Bootstrapper.Tests.Program;

/// <summary>What a service manager hears of the program (sd_notify(3)).</summary>
public sealed class ServiceManagerTests : RackTests
{
    [RackFact]
    public async Task It_hears_that_the_program_serves_and_still_does_and_stops()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(Rack.Bsroot.Root, "notify");
        manager.Bind(new UnixDomainSocketEndPoint(path));
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["NOTIFY_SOCKET"] = path;
        command.Environment["WATCHDOG_USEC"] = "600000";

        await using var program = RunningProgram.Start(Rack, command);
        Assert.Equal("READY=1", await HearAsync());
        await program.AnswersAsync();
        Assert.Equal("WATCHDOG=1", await HearAsync());
        Assert.Equal("WATCHDOG=1", await HearAsync());

        Assert.Equal(ExitCode.Success, await program.TerminateAsync());
        var last = await HearAsync();
        while (last == "WATCHDOG=1")
        {
            last = await HearAsync();
        }

        Assert.Equal("STOPPING=1", last);

        async Task<string> HearAsync()
        {
            var buffer = new byte[256];
            var length = await manager.ReceiveAsync(buffer, Cancellation).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
