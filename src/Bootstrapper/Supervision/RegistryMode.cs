namespace Bootstrapper.Supervision;

/// <summary>
/// Lets the registry refuse pushes for a while, and go on answering pulls. It reads that when it starts, so it is restarted.
/// </summary>
internal sealed class RegistryMode(Activation activation, ServiceGroup services, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the registry answers again, in its new mode. What was being pushed is cut off.</summary>
    /// <exception cref="IOException">It does not come back, or its template knows no such mode.</exception>
    public async Task SetReadOnlyAsync(bool readOnly, CancellationToken cancellation)
    {
        var before = Status.Pid;
        var changed = await activation.SetRegistryReadOnlyAsync(readOnly, cancellation);
        if (changed.Count == 0)
        {
            throw new IOException("the registry cannot be told to refuse pushes: registry.yml.template does not use ReadOnly");
        }

        services.Apply(changed);
        await ComesBackAsync(before, cancellation);
    }

    private ServiceStatus Status => services.Status.Single(service => service.Name == RegistryService.Name);

    private async Task ComesBackAsync(int? before, CancellationToken cancellation)
    {
        for (var since = time.GetTimestamp(); Status is not { State: ServiceState.Ready, Pid: { } pid } || pid == before;)
        {
            if (time.GetElapsedTime(since) > Patience)
            {
                throw new IOException($"the registry did not come back within {Patience.TotalSeconds} s: {Status.LastError}");
            }

            await Task.Delay(LookEvery, time, cancellation);
        }
    }
}
