using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>IPMI 2.0 by ipmitool, once for each thing that is asked.</summary>
internal sealed class IpmiBmc(IpmiTool tool, BmcPatience patience) : IBmc
{
    public async Task<PowerState?> StateAsync(CancellationToken cancellation)
    {
        var said = await AskAsync(["chassis", "power", "status"], cancellation);
        return said.Contains("Power is on", StringComparison.OrdinalIgnoreCase) ? PowerState.On
            : said.Contains("Power is off", StringComparison.OrdinalIgnoreCase) ? PowerState.Off
            : throw new PowerException(
                PowerFailure.Refused, $"does not say whether the machine is on: {Printable.OnOneLine(said)}");
    }

    public Task SwitchAsync(PowerChange change, CancellationToken cancellation) =>
        AskAsync(["chassis", "power", Bmcs.Word(change)], cancellation);

    public Task BootOnceAsync(BootDevice device, CancellationToken cancellation) => AskAsync(
        [
            "chassis", "bootdev", device == BootDevice.Network ? "pxe" : "disk",
            .. tool.Bmc.FirmwareMode == FirmwareMode.Uefi ? ["options=efiboot"] : Array.Empty<string>(),
        ],
        cancellation);

    public async Task<BmcFacts> FactsAsync(CancellationToken cancellation)
    {
        var power = await StateAsync(cancellation);
        return IpmiFacts.Of(
            power,
            await OrNothingAsync(["fru", "print", "0"], cancellation),
            await OrNothingAsync(["mc", "info"], cancellation));
    }

    public async Task<IpmiConsole> ConsoleAsync(bool take, CancellationToken cancellation)
    {
        if (take)
        {
            await OrNothingAsync(["sol", "deactivate"], cancellation); // it says no where none is open
        }

        return await IpmiConsole.OpenAsync(tool, patience.Program, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What not every BMC has.</summary>
    private async Task<string> OrNothingAsync(IReadOnlyList<string> what, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(what, cancellation);
        }
        catch (PowerException e) when (e.Failure == PowerFailure.Refused)
        {
            return "";
        }
    }

    private async Task<string> AskAsync(IReadOnlyList<string> what, CancellationToken cancellation)
    {
        var line = tool.PasswordLine();
        var run = tool.Run(what, patience.Program, async (input, token) => await input.WriteAsync(line, token));
        try
        {
            var result = await run.RunAsync(cancellation);
            return result.ExitCode == 0 ? result.Text : throw tool.Refusal(what, result.Errors);
        }
        catch (ProgramException e)
        {
            throw new PowerException(PowerFailure.Silent, e.Message);
        }
    }
}
