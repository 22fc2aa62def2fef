namespace Bootstrapper.Power;

/// <summary>A conversation with one BMC. Whatever goes wrong in it is a <see cref="PowerException"/>.</summary>
internal interface IBmc : IAsyncDisposable
{
    /// <returns><c>null</c> while it is on its way from one to the other.</returns>
    Task<PowerState?> StateAsync(CancellationToken cancellation);

    /// <summary>Returns when the BMC has taken the order, which may be before it has done it.</summary>
    /// <param name="change">Only <see cref="PowerChange.On"/> of a machine that is off.</param>
    Task SwitchAsync(PowerChange change, CancellationToken cancellation);

    Task BootOnceAsync(BootDevice device, CancellationToken cancellation);

    Task<BmcFacts> FactsAsync(CancellationToken cancellation);

    /// <summary>Opens the machine's serial console.</summary>
    /// <param name="take">Whether one that is open already is ended first, whosever it is.</param>
    Task<IpmiConsole> ConsoleAsync(bool take, CancellationToken cancellation);
}
