namespace Bootstrapper.Doctor;

/// <summary>One thing that the doctor looks at.</summary>
/// <param name="Name">As its findings have it.</param>
/// <param name="LookAsync">May throw whatever it meets: see <see cref="MakeAsync"/>.</param>
internal sealed record Check(string Name, Func<Patient, CancellationToken, Task<IReadOnlyList<Finding>>> LookAsync)
{
    /// <summary>A check that needs no waiting.</summary>
    public Check(string name, Func<Patient, IEnumerable<Finding>> look)
        : this(name, (patient, _) => Task.FromResult<IReadOnlyList<Finding>>([.. look(patient)]))
    {
    }

    /// <summary>What it finds; a check that cannot be made is a finding too, with the reason.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was asked for.</exception>
    public async Task<IReadOnlyList<Finding>> MakeAsync(Patient patient, CancellationToken cancellation)
    {
        try
        {
            return await LookAsync(patient, cancellation);
        }
        // What a host does not let us see comes in every kind of exception, and the other checks still say something.
#pragma warning disable CA1031
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return [Finding.Warning(
                Name,
                $"cannot be checked: {e.Message.TrimEnd('.')}",
                "run 'bootstrapper doctor' as root on the host itself, where nothing is hidden from it")];
        }
    }
}
