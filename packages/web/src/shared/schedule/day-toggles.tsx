import { type Weekday, weekdays } from '@picket/plan/schedule/civil';
import { weekdayName } from '@picket/plan/schedule/describe-schedule';
import classes from './day-toggles.module.css';

/** Days of the week, each on or off. */
export function DayToggles(props: { label: string; value: readonly Weekday[]; onChange: (days: Weekday[]) => void }) {
  return (
    <fieldset className={classes.days}>
      <legend>{props.label}</legend>
      {weekdays.map((day) => (
        <label key={day} className={classes.day}>
          <input
            type="checkbox"
            checked={props.value.includes(day)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              props.onChange(weekdays.filter((one) => (one === day ? on : props.value.includes(one))));
            }}
          />
          {weekdayName(day)}
        </label>
      ))}
    </fieldset>
  );
}
